//! Contract point 3 on methods that nobody thought of: random bodies from a small grammar do what they do without `memo`.
//!
//! One program holds the same text twice, with and without the attributes, makes the same calls on both and compares all
//! results. In `random_bodies/`, `grammar.txt` is what bodies are made from, `module.rs` the text around them, and
//! `driver.rs` makes the calls. `MEMO_SEED=n` varies the bodies, `MEMO_BODIES=n` says how many.

use std::{env, fs, path::Path};

type Template = &'static str;

/// What `grammar.txt` says.
struct Grammar {
    kinds: Vec<Kind>,
    expressions: Vec<Template>,
    conditions: Vec<Template>,
    statements: Vec<Template>,
    statements_of_an_identifier: Vec<Template>,
    compound: Vec<Template>,
    aliases: Vec<Template>,
    aliases_of_two: Vec<Template>,
}

impl Grammar {
    fn read() -> Self {
        let text = include_str!("random_bodies/grammar.txt");
        let section = |title: &str| -> Vec<Template> {
            let (_, rest) = text.split_once(&format!("# {title}\n")).expect("the section is there");
            let lines = rest.lines().take_while(|line| !line.starts_with("# "));
            lines
                .map(str::trim)
                .filter(|line| !line.is_empty() && !line.starts_with("//"))
                .collect()
        };
        Self {
            kinds: section("kinds").chunks(3).map(Kind::read).collect(),
            expressions: section("expressions"),
            conditions: section("conditions"),
            statements: section("statements"),
            statements_of_an_identifier: section("statements of an identifier"),
            compound: section("compound"),
            aliases: section("aliases"),
            aliases_of_two: section("aliases of two"),
        }
    }
}

/// A kind of method.
#[derive(Clone, Copy)]
struct Kind {
    text: Template,
    usage: Template,
    /// What its body calls the instance.
    name: Name,
    /// What leaves the body early.
    leave: &'static str,
}

impl Kind {
    fn read(lines: &[Template]) -> Self {
        let [text, body, usage] = *lines else {
            panic!("a kind of methods has three lines: {lines:?}")
        };
        let (name, leave) = body.split_once(", ").expect("a name and a way to leave");
        Self { text, usage, name: Name::read(name), leave }
    }
}

/// A name of the instance, and how many references and boxes lead from it to the instance.
#[derive(Clone, Copy)]
struct Name(&'static str, usize);

impl Name {
    fn read(text: &'static str) -> Self {
        let (name, depth) = text.rsplit_once(' ').expect("a name and a number");
        Self(name, depth.parse().expect("a number"))
    }
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % n
    }
    fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// Where in a body we are.
#[derive(Clone, Copy)]
struct Scope {
    name: Name,
    /// The alias that is being made.
    alias: Name,
    leave: &'static str,
    depth: usize,
    awaits: bool,
    in_item: bool,
    /// What another instance is called, if there is one beside `name`.
    other: Option<&'static str>,
}

impl Scope {
    fn of(kind: &Kind) -> Self {
        let other = (kind.text.contains("&mut self, other:")).then_some("other");
        Self {
            name: kind.name,
            alias: kind.name,
            leave: kind.leave,
            depth: 1,
            awaits: false,
            in_item: false,
            other,
        }
    }
    fn leaving(&self, leave: &'static str) -> Self {
        Self { leave, awaits: false, ..*self }
    }
    fn in_item(&self) -> Self {
        let name = Name("inner", 1);
        Self { name, in_item: true, other: None, ..self.leaving("return;") }
    }
    fn renamed(&self) -> Self {
        Self { name: self.alias, other: None, ..*self }
    }
}

/// A method that is written.
#[derive(Clone, Copy)]
struct Method {
    usage: Template,
    number: usize,
    /// How many methods call each other below it.
    level: usize,
}

struct Generator<'g> {
    grammar: &'g Grammar,
    random: Random,
    methods: Vec<Method>,
    /// That of the method that is being written.
    level: usize,
}

impl Generator<'_> {
    fn fill(&mut self, template: &str, scope: &Scope) -> String {
        let mut parts = template.split('@');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (mark, rest) = part.split_at(1);
            text += &self.mark(mark, scope);
            text += rest;
        }
        text
    }

    fn mark(&mut self, mark: &str, scope: &Scope) -> String {
        let Name(name, depth) = scope.name;
        match mark {
            "x" => name.to_owned(),
            "d" => "*".repeat(depth) + name,
            "r" => format!("&mut {}{name}", "*".repeat(depth)),
            "o" => scope.other.expect("another instance is in scope").to_owned(),
            "y" => scope.alias.0.to_owned(),
            "S" if scope.in_item => String::from("S"),
            "S" => String::from(*self.random.pick(&["Self", "S", "Alias"])),
            "e" => self.one_of(&self.grammar.expressions, scope),
            "c" => self.one_of(&self.grammar.conditions, scope),
            "w" => String::from("let mut log: Vec<u64> = Vec::new();"),
            "m" => format!("m{}", self.methods.len()),
            "^" => scope.leave.to_owned(),
            "M" => self.call(scope),
            "B" => self.block(scope),
            "A" => self.block(&Scope { awaits: true, ..*scope }),
            "P" => self.block(&scope.leaving("panic!(\"early\");")),
            "U" => self.block(&scope.leaving("return;")),
            "N" => self.block(&scope.leaving("return None;")),
            "Y" => self.block(&scope.renamed()),
            "V" => self.block(&scope.renamed().leaving("return;")),
            "I" => self.block(&scope.in_item()),
            _ => unreachable!("`@{mark}` in {:?}", scope.name.0),
        }
    }

    fn one_of(&mut self, templates: &[Template], scope: &Scope) -> String {
        let template = *self.random.pick(templates);
        self.fill(template, scope)
    }

    fn block(&mut self, scope: &Scope) -> String {
        let scope = Scope { depth: scope.depth - 1, ..*scope };
        let length = 1 + self.random.below(3);
        (0..length).map(|_| self.statement(&scope) + "\n").collect()
    }

    fn statement(&mut self, scope: &Scope) -> String {
        let grammar = self.grammar;
        if scope.awaits && self.random.below(4) == 0 {
            return String::from("yield_now().await;");
        }
        if !scope.name.0.contains('.') && self.random.below(15) == 0 {
            return self.one_of(&grammar.statements_of_an_identifier, scope);
        }
        if scope.depth == 0 || self.random.below(5) < 3 {
            return self.one_of(&grammar.statements, scope);
        }
        if self.random.below(2) == 0 {
            return format!("{{ {} }}", self.one_of(&grammar.compound, scope));
        }
        let two = scope.other.is_some() && self.random.below(2) == 0;
        let template =
            *self.random.pick(if two { &grammar.aliases_of_two } else { &grammar.aliases });
        let (template, alias) = match template.split_once(" | ") {
            Some((template, name)) => (template, Name::read(name)),
            None => (template, Name(self.random.pick::<&str>(&["this", "one", "it"]), 1)),
        };
        format!("{{ {} }}", self.fill(template, &Scope { alias, ..*scope }))
    }

    /// Calls an earlier method: three levels deep at most, that a body comes to its end.
    fn call(&mut self, scope: &Scope) -> String {
        let can_call = |method: &&Method| {
            let owns = !method.usage.contains("@x") && !method.usage.contains("@r");
            method.level < 2 && !owns && (scope.other.is_some() || !method.usage.contains("@o"))
        };
        let callable: Vec<Method> = self.methods.iter().filter(can_call).copied().collect();
        if callable.is_empty() {
            return self.one_of(&self.grammar.statements, scope);
        }
        let Method { usage, number, level } = *self.random.pick(&callable);
        self.level = self.level.max(level + 1);
        self.fill(&usage.replace("@m", &format!("m{number}")), scope)
    }

    /// A method of some kind, and how `drive` calls it.
    fn method(&mut self, kind: &Kind) -> [String; 2] {
        self.level = 0;
        // What is short is seen through, and has to be exact.
        let scope = Scope { depth: *self.random.pick(&[1, 1, 1, 2, 3, 4]), ..Scope::of(kind) };
        let text = self.fill(kind.text, &scope) + "\n";
        let in_drive = Scope { name: Name("one", 2), other: Some("two"), ..scope };
        let call = self.fill(kind.usage, &in_drive);
        let number = self.methods.len();
        self.methods.push(Method { usage: kind.usage, number, level: self.level });
        [text, format!("{number} => {{ {call} }}\n")]
    }

    /// The source of the program.
    fn program(&mut self, bodies: usize, seed: u64) -> String {
        let [mut main, mut far, mut acts, mut signatures, mut drive] = [const { String::new() }; 5];
        for _ in 0..bodies {
            let place = self.random.below(8);
            // The trait's methods are of the first kind.
            let kinds = &self.grammar.kinds;
            let kind = if place == 0 { &kinds[0] } else { self.random.pick(kinds) };
            let [text, call] = self.method(kind);
            drive += &call;
            match place {
                0 => {
                    let (signature, _) = text.split_once(" {").expect("a method has a body");
                    signatures.extend([signature, ";\n"]);
                    acts += &text;
                }
                1 | 2 => far += &text,
                _ => main += &text,
            }
        }
        let module = include_str!("random_bodies/module.rs")
            .replace("/*main*/", &main)
            .replace("/*far*/", &far)
            .replace("/*acts*/", &acts)
            .replace("/*signatures*/", &signatures)
            .replace("/*drive*/", &drive);
        let is_of_memo = |line: &&str| {
            line.trim_start().starts_with("#[memoize") || line.contains("clear_instance(")
        };
        let plain: Vec<&str> = module.lines().filter(|line| !is_of_memo(line)).collect();
        format!(
            "{}\nconst SEED: u64 = {seed};\nconst METHODS: u64 = {bodies};\n\
             mod memoized {{\nuse memo_runtime::memoize;\n{module}\n}}\nmod plain {{\n{}\n}}\n",
            include_str!("random_bodies/driver.rs"),
            plain.join("\n"),
        )
    }
}

fn setting(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not `{text}`")))
}

#[test]
fn random_bodies_do_what_they_do_without_memo() {
    let seed = setting("MEMO_SEED").unwrap_or(2);
    let bodies = setting("MEMO_BODIES").map_or(250, |bodies| bodies as usize);
    println!("MEMO_SEED={seed} MEMO_BODIES={bodies}");
    let grammar = Grammar::read();
    let mut generator =
        Generator { grammar: &grammar, random: Random(seed), methods: Vec::new(), level: 0 };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random_bodies.rs");
    fs::write(&path, generator.program(bodies, seed))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    trybuild::TestCases::new().pass(path);
}
