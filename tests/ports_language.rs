//! Parsers, evaluators and checkers with caches by hand, ported to memo: do they answer as without, and hit where nothing changed?

// The programs are written as they stand in the wild.
#![allow(clippy::pedantic)]

#[path = "support/ports.rs"]
mod ports;

/// A packrat parser over borrowed tokens, whose errors are no panic and no result to keep.
mod packrat {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{error::Error, fmt};

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Token<'s> {
        Number(&'s str),
        Plus,
        Times,
        Open,
        Close,
    }

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum ParseError {
        Expected { what: &'static str, at: usize },
        Trailing(usize),
    }

    impl fmt::Display for ParseError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Expected { what, at } => write!(f, "expected {what} at {at}"),
                Self::Trailing(at) => write!(f, "trailing input at {at}"),
            }
        }
    }

    impl Error for ParseError {}

    type Parsed = Result<(i64, usize), ParseError>;

    #[memoize]
    pub struct Parser<'t, 's: 't> {
        tokens: &'t [Token<'s>],
        errors: Vec<ParseError>,
    }

    #[memoize]
    impl<'t, 's: 't> Parser<'t, 's> {
        pub const fn peek(&self, at: usize) -> Option<Token<'s>> {
            if at < self.tokens.len() { Some(self.tokens[at]) } else { None }
        }

        pub fn new(tokens: &'t [Token<'s>]) -> Self {
            Self { tokens, errors: Vec::new() }
        }

        #[memoize]
        fn sum(&self, at: usize) -> Parsed {
            body();
            let (left, at) = self.product(at)?;
            match self.peek(at) {
                Some(Token::Plus) => {
                    let (right, at) = self.sum(at + 1)?;
                    Ok((left.wrapping_add(right), at))
                }
                _ => Ok((left, at)),
            }
        }

        #[memoize]
        fn product(&self, at: usize) -> Parsed {
            body();
            let (left, at) = self.atom(at)?;
            if let Some(Token::Times) = self.peek(at) {
                let (right, at) = self.product(at + 1)?;
                return Ok((left.wrapping_mul(right), at));
            }
            Ok((left, at))
        }

        #[memoize]
        fn atom(&self, at: usize) -> Parsed {
            body();
            match self.peek(at) {
                Some(Token::Number(text)) => Ok((text.parse().unwrap_or(i64::MAX), at + 1)),
                Some(Token::Open) => {
                    let (inner, at) = self.sum(at + 1)?;
                    let Some(Token::Close) = self.peek(at) else {
                        return Err(ParseError::Expected { what: "`)`", at });
                    };
                    Ok((inner, at + 1))
                }
                _ => Err(ParseError::Expected { what: "a number", at }),
            }
        }

        pub fn parse(&mut self) -> Result<i64, Box<dyn Error>> {
            let (value, end) = self.sum(0).inspect_err(|error| self.errors.push(error.clone()))?;
            if end < self.tokens.len() {
                let error = ParseError::Trailing(end);
                self.errors.push(error.clone());
                return Err(error.into());
            }
            Ok(value)
        }

        pub fn errors(&self) -> &[ParseError] {
            &self.errors
        }
    }

    #[test]
    fn parser_finds_its_rules_again_and_reports_do_not_forget_them() {
        let mut random = Random::new(1);
        let text = String::from("1 2 3");
        for _ in 0..300 {
            let tokens: Vec<_> = (0..random.below(9))
                .map(|_| match random.below(8) {
                    0 => Token::Open,
                    1 => Token::Close,
                    2 | 3 => Token::Plus,
                    4 => Token::Times,
                    n => Token::Number(&text[2 * (n - 5)..2 * (n - 5) + 1]),
                })
                .collect();
            let mut parser = Parser::new(&tokens);
            let first = parser.parse().map_err(|error| error.to_string());
            let fresh = Parser::new(&tokens).parse().map_err(|error| error.to_string());
            assert_eq!(first, fresh);
            assert_eq!(parser.errors().len(), usize::from(first.is_err()));
            if first.is_ok() {
                assert_eq!(bodies(|| parser.parse().is_ok()), 0);
            }
        }
    }
}

/// An interpreter whose scopes are a stack: a name is looked up once for each state of the stack.
mod resolver {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{collections::HashMap, rc::Rc};

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Unbound {
        Name(Rc<str>),
        TopScope,
    }

    #[memoize]
    #[derive(Clone)]
    pub struct Scopes {
        stack: Vec<HashMap<Rc<str>, i64>>,
        steps: u64,
    }

    #[memoize]
    impl Default for Scopes {
        fn default() -> Self {
            Self { stack: vec![HashMap::new()], steps: 0 }
        }
    }

    #[memoize]
    impl Scopes {
        #[memoize(unsync)]
        pub fn resolve(&self, name: &str) -> Option<(usize, i64)> {
            body();
            let depth = self.stack.iter().rev().position(|scope| scope.contains_key(name))?;
            Some((depth, self.stack[self.stack.len() - 1 - depth][name]))
        }

        pub fn get(&mut self, name: &str) -> Result<i64, Unbound> {
            self.steps += 1;
            let (_, value) = self.resolve(name).ok_or_else(|| Unbound::Name(name.into()))?;
            Ok(value)
        }

        pub fn assign(&mut self, name: &Rc<str>, value: i64) -> Result<(), Unbound> {
            let (depth, old) = self.resolve(name).ok_or(Unbound::Name(Rc::clone(name)))?;
            if old == value {
                return Ok(());
            }
            let top = self.stack.len() - 1;
            self.stack[top - depth].insert(Rc::clone(name), value);
            Ok(())
        }

        pub fn define(&mut self, name: Rc<str>, value: i64) {
            if let Some(scope) = self.stack.last_mut() {
                scope.insert(name, value);
            }
        }

        pub fn scoped<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
            self.stack.push(HashMap::new());
            let result = f(self);
            self.stack.pop();
            result
        }

        pub fn pop(&mut self) -> Result<(), Unbound> {
            if self.stack.len() == 1 {
                return Err(Unbound::TopScope);
            }
            self.stack.pop();
            Ok(())
        }
    }

    fn naive(scopes: &Scopes, name: &str) -> Option<i64> {
        scopes.stack.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    #[test]
    fn name_is_what_the_scopes_say_and_is_looked_up_once() {
        let mut random = Random::new(2);
        let names: Vec<Rc<str>> = ["a", "b", "c"].map(Rc::from).to_vec();
        let mut scopes = Scopes::default();
        for _ in 0..500 {
            let name = &names[random.below(3)];
            let value = random.below(10) as i64;
            match random.below(5) {
                0 => scopes.define(name.clone(), value),
                1 => drop(scopes.assign(name, value)),
                2 => drop(scopes.pop()),
                3 => {
                    let inside = scopes.scoped(|scopes| {
                        scopes.define(name.clone(), value);
                        scopes.get(name)
                    });
                    assert_eq!(inside, Ok(value));
                }
                _ => scopes.stack_up(),
            }
            for name in &names {
                assert_eq!(scopes.get(name).ok(), naive(&scopes, name));
                assert_eq!(bodies(|| scopes.get(name).is_ok()), 0);
            }
        }
    }

    #[memoize]
    impl Scopes {
        fn stack_up(&mut self) {
            if self.stack.len() < 5 {
                self.stack.push(HashMap::default());
            }
        }
    }
}

/// Derivatives of regular expressions, in a function for the type and a machine for the instance.
mod derivatives {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::sync::Arc;

    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Regex {
        Never,
        Empty,
        Char(char),
        Seq(Arc<Regex>, Arc<Regex>),
        Or(Arc<Regex>, Arc<Regex>),
        Many(Arc<Regex>),
    }
    use Regex::{Char, Empty, Many, Never, Or, Seq};

    #[memoize]
    impl Regex {
        fn then(self: &Arc<Self>, next: &Arc<Self>) -> Arc<Self> {
            match (&**self, &**next) {
                (Never, _) | (_, Never) => Never.into(),
                (Empty, _) => next.clone(),
                (_, Empty) => self.clone(),
                _ => Seq(self.clone(), next.clone()).into(),
            }
        }

        fn or(self: &Arc<Self>, other: &Arc<Self>) -> Arc<Self> {
            match (&**self, &**other) {
                (Never, _) => other.clone(),
                (_, Never) => self.clone(),
                (a, b) if a == b => self.clone(),
                _ => Or(self.clone(), other.clone()).into(),
            }
        }

        pub fn nullable(&self) -> bool {
            match self {
                Never | Char(_) => false,
                Empty | Many(_) => true,
                Seq(a, b) => a.nullable() && b.nullable(),
                Or(a, b) => a.nullable() || b.nullable(),
            }
        }

        #[memoize(scope = "type", unbounded)]
        pub fn derive(regex: &Regex, by: char) -> Arc<Regex> {
            body();
            match regex {
                Never | Empty => Never.into(),
                Char(c) => if *c == by { Empty } else { Never }.into(),
                Or(a, b) => Self::derive(a, by).or(&Self::derive(b, by)),
                Many(inner) => Regex::derive(inner, by).then(&Arc::new(regex.clone())),
                Seq(a, b) => {
                    let first = Regex::derive(a, by).then(b);
                    if a.nullable() { first.or(&Regex::derive(b, by)) } else { first }
                }
            }
        }
    }

    #[memoize]
    #[derive(Debug, Clone)]
    pub struct Matcher {
        start: Arc<Regex>,
        asked: usize,
    }

    #[memoize]
    impl Matcher {
        pub fn new(regex: Regex) -> Self {
            Matcher { start: regex.into(), asked: 0 }
        }

        #[memoize(capacity = 64)]
        pub fn matches(&self, text: &str) -> bool {
            body();
            text.chars().fold(self.start.clone(), |regex, c| Regex::derive(&regex, c)).nullable()
        }

        pub fn count(&mut self, texts: &[&str]) -> usize {
            self.asked += texts.len();
            texts.iter().filter(|text| self.matches(text)).count()
        }

        pub fn alternative(&mut self, other: Regex) {
            self.start = self.start.or(&other.into());
        }
    }

    fn naive(regex: &Regex, text: &str) -> bool {
        let ends = |a: &Regex, b: &Regex| {
            (0..=text.len()).any(|i| naive(a, &text[..i]) && naive(b, &text[i..]))
        };
        match regex {
            Never => false,
            Empty => text.is_empty(),
            Char(c) => text.chars().eq([*c]),
            Or(a, b) => naive(a, text) || naive(b, text),
            Seq(a, b) => ends(a, b),
            Many(a) => {
                text.is_empty()
                    || (1..=text.len()).any(|i| naive(a, &text[..i]) && naive(regex, &text[i..]))
            }
        }
    }

    fn any(random: &mut Random, depth: usize) -> Regex {
        if depth == 0 {
            return [Empty, Char('a'), Char('b')][random.below(3)].clone();
        }
        let (a, b) = (any(random, depth - 1).into(), any(random, depth - 1).into());
        match random.below(3) {
            0 => Seq(a, b),
            1 => Or(a, b),
            _ => Many(a),
        }
    }

    #[test]
    fn derivatives_match_as_a_backtracking_search_and_are_made_once() {
        let mut random = Random::new(3);
        let texts = ["", "a", "b", "ab", "ba", "aab", "abab", "bbaa"];
        for _ in 0..60 {
            let mut matcher = Matcher::new(any(&mut random, 3));
            for _ in 0..2 {
                let expected = texts.iter().filter(|text| naive(&matcher.start, text)).count();
                assert_eq!(matcher.count(&texts), expected);
                assert_eq!(bodies(|| matcher.count(&texts)), 0);
                matcher.alternative(any(&mut random, 2));
            }
        }
    }
}

/// A spreadsheet: a cell is computed once until a cell changes; its errors are values, but not cached.
mod sheet {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{collections::BTreeMap, fmt, str::FromStr};

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct CellId(pub u8, pub u8);

    #[derive(Debug, Clone, PartialEq)]
    pub enum Formula {
        Value(f64),
        Sum(CellId, CellId),
        Ratio(CellId, CellId),
    }

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum CellError {
        DivisionByZero(CellId),
        Circular(CellId),
        Syntax(String),
    }

    impl FromStr for CellId {
        type Err = CellError;
        fn from_str(text: &str) -> Result<Self, CellError> {
            match text.as_bytes() {
                [column @ b'A'..=b'Z', row @ b'1'..=b'9'] => Ok(Self(column - b'A', row - b'1')),
                _ => Err(CellError::Syntax(text.to_owned())),
            }
        }
    }

    #[memoize]
    #[derive(Debug, Clone, Default)]
    pub struct Sheet {
        cells: BTreeMap<CellId, Formula>,
        title: String,
        cursor: Option<CellId>,
    }

    #[memoize]
    impl Sheet {
        #[memoize]
        pub fn value(&self, cell: CellId) -> Result<f64, CellError> {
            body();
            match self.cells.get(&cell) {
                None => Ok(0.0),
                Some(Formula::Value(value)) => Ok(*value),
                Some(&Formula::Sum(a, b)) => Ok(self.value(a)? + self.value(b)?),
                Some(&Formula::Ratio(a, b)) => {
                    let (above, below) = (self.value(a)?, self.value(b)?);
                    if below == 0.0 { Err(CellError::DivisionByZero(b)) } else { Ok(above / below) }
                }
            }
        }

        #[memoize]
        pub fn reaches(&self, from: CellId, to: CellId) -> bool {
            body();
            from == to
                || match self.cells.get(&from) {
                    Some(Formula::Sum(a, b) | Formula::Ratio(a, b)) => {
                        self.reaches(*a, to) || self.reaches(*b, to)
                    }
                    _ => false,
                }
        }

        pub fn set(&mut self, at: &str, formula: Formula) -> Result<Option<Formula>, CellError> {
            let cell: CellId = at.parse()?;
            if let Formula::Sum(a, b) | Formula::Ratio(a, b) = formula {
                if [a, b].into_iter().any(|other| self.reaches(other, cell)) {
                    return Err(CellError::Circular(cell));
                }
            }
            Ok(self.cells.insert(cell, formula))
        }

        pub fn swap(&mut self, a: CellId, b: CellId) {
            let (first, second) = (self.cells.remove(&a), self.cells.remove(&b));
            self.cells.extend(first.map(|formula| (b, formula)));
            self.cells.extend(second.map(|formula| (a, formula)));
            if self.cells.keys().any(|cell| self.depends_on_itself(*cell)) {
                self.cells.clear();
            }
        }

        fn depends_on_itself(&self, cell: CellId) -> bool {
            // Not `reaches`, which may not end here.
            let mut seen = vec![];
            let mut open = vec![cell];
            while let Some(next) = open.pop() {
                if let Some(Formula::Sum(a, b) | Formula::Ratio(a, b)) = self.cells.get(&next) {
                    if *a == cell || *b == cell {
                        return true;
                    }
                    open.extend([*a, *b].into_iter().filter(|other| !seen.contains(other)));
                    seen.extend([*a, *b]);
                }
            }
            false
        }

        pub fn select(&mut self, at: &str) -> Result<(), CellError> {
            self.cursor = Some(at.parse()?);
            Ok(())
        }

        pub fn set_title(&mut self, title: impl AsRef<str>) {
            title.as_ref().clone_into(&mut self.title);
        }
    }

    impl fmt::Display for Sheet {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            writeln!(f, "{}", self.title)?;
            self.cells.keys().try_for_each(|cell| match self.value(*cell) {
                Ok(value) => writeln!(f, "{value:>8.2}"),
                Err(error) => writeln!(f, "{error:?}"),
            })
        }
    }

    #[test]
    fn sheet_shows_what_a_fresh_one_shows_and_keeps_values_under_the_cursor() {
        let mut random = Random::new(4);
        let mut sheet = Sheet::default();
        for _ in 0..400 {
            let mut cell = || CellId(random.below(3) as u8, random.below(4) as u8);
            let (a, b, at) = (cell(), cell(), cell());
            let name = format!("{}{}", char::from(b'A' + at.0), at.1 + 1);
            match random.below(5) {
                0 => drop(sheet.set(&name, Formula::Value(random.float()))),
                1 => drop(sheet.set(&name, Formula::Sum(a, b))),
                2 => drop(sheet.set(&name, Formula::Ratio(a, b))),
                3 => sheet.swap(a, b),
                _ => assert!(sheet.set("a1", Formula::Value(1.0)).is_err()),
            }
            assert_eq!(sheet.to_string(), sheet.clone().to_string());
            if sheet.value(at).is_ok() {
                sheet.select(&name).unwrap();
                sheet.set_title("t");
                assert_eq!(bodies(|| sheet.value(at).is_ok()), 0);
                assert_eq!(bodies(|| sheet.set("no", Formula::Value(0.0)).is_err()), 0);
            }
        }
    }
}

/// A type checker over an arena, with interned names and ids as keys.
mod checker {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::borrow::Cow;
    use std::hash::Hash;
    use std::marker::PhantomData;

    pub struct Id<T> {
        index: u32,
        of: PhantomData<fn() -> T>,
    }
    impl<T> Clone for Id<T> {
        fn clone(&self) -> Self {
            *self
        }
    }
    impl<T> Copy for Id<T> {}
    impl<T> PartialEq for Id<T> {
        fn eq(&self, other: &Self) -> bool {
            self.index == other.index
        }
    }
    impl<T> Eq for Id<T> {}
    impl<T> Hash for Id<T> {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.index.hash(state);
        }
    }

    pub enum Expr<'src> {
        Int,
        Text,
        Add(Id<Expr<'src>>, Id<Expr<'src>>),
        Name(&'src str),
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Type {
        Int,
        Text,
    }

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum TypeError<'src> {
        Mismatch(Type, Type),
        Unknown(&'src str),
    }

    #[memoize]
    #[derive(Default)]
    pub struct Checker<'src> {
        arena: Vec<Expr<'src>>,
        globals: Vec<(&'src str, Type)>,
        warnings: Vec<Cow<'src, str>>,
    }

    #[memoize]
    impl<'src> Checker<'src> {
        pub fn alloc(&mut self, expr: Expr<'src>) -> Id<Expr<'src>> {
            let index = self.arena.len() as u32;
            self.arena.push(expr);
            Id { index, of: PhantomData }
        }

        pub fn declare(&mut self, name: &'src str, ty: Type) {
            match self.globals.iter_mut().find(|(known, _)| *known == name) {
                Some((_, old)) => *old = ty,
                None => self.globals.push((name, ty)),
            }
        }

        #[memoize]
        pub fn type_of(&self, id: Id<Expr<'src>>) -> Result<Type, TypeError<'src>> {
            body();
            match &self.arena[id.index as usize] {
                Expr::Int => Ok(Type::Int),
                Expr::Text => Ok(Type::Text),
                Expr::Name(name) => self.global(name).ok_or(TypeError::Unknown(name)),
                Expr::Add(a, b) => match (self.type_of(*a)?, self.type_of(*b)?) {
                    (a, b) if a == b => Ok(a),
                    (a, b) => Err(TypeError::Mismatch(a, b)),
                },
            }
        }

        #[memoize]
        fn global(&self, name: &str) -> Option<Type> {
            body();
            self.globals.iter().find_map(|(known, ty)| (*known == name).then_some(*ty))
        }

        pub fn check(&mut self, id: Id<Expr<'src>>) -> Option<Type> {
            let error = match self.type_of(id) {
                Ok(ty) => return Some(ty),
                Err(error) => error,
            };
            self.warnings.push(match error {
                TypeError::Unknown(name) => Cow::Borrowed(name),
                TypeError::Mismatch(..) => Cow::Owned(format!("{error:?}")),
            });
            None
        }

        pub fn warnings(&mut self) -> impl Iterator<Item = Cow<'src, str>> + '_ {
            self.warnings.drain(..)
        }
    }

    fn naive<'src>(checker: &Checker<'src>, id: Id<Expr<'src>>) -> Option<Type> {
        match &checker.arena[id.index as usize] {
            Expr::Int => Some(Type::Int),
            Expr::Text => Some(Type::Text),
            Expr::Name(name) => {
                checker.globals.iter().find(|global| global.0 == *name).map(|global| global.1)
            }
            Expr::Add(a, b) => naive(checker, *a).filter(|a| naive(checker, *b) == Some(*a)),
        }
    }

    #[test]
    fn checker_agrees_with_a_plain_one_and_warnings_keep_types() {
        let source = String::from("x y z");
        let mut random = Random::new(5);
        let mut checker = Checker::default();
        let mut ids = vec![checker.alloc(Expr::Int), checker.alloc(Expr::Text)];
        for _ in 0..200 {
            let name = source.split(' ').nth(random.below(3)).unwrap();
            let (a, b) = (ids[random.below(ids.len())], ids[random.below(ids.len())]);
            match random.below(3) {
                0 => ids.push(checker.alloc(Expr::Name(name))),
                1 => ids.push(checker.alloc(Expr::Add(a, b))),
                _ => checker.declare(name, [Type::Int, Type::Text][random.below(2)]),
            }
            for &id in &ids {
                assert_eq!(checker.check(id), naive(&checker, id));
            }
            checker.warnings().for_each(drop);
            assert_eq!(bodies(|| checker.check(ids[0])), 0);
        }
    }
}
