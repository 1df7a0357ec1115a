//! How long does it take to build?
//!
//! Crates that depend on `memo-runtime` or on `cached` are written to a temporary folder and built from nothing, by
//! turns. The dependencies' sources have to be there already (they are: this package depends on them).

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    harness::{Effort, median},
    report::{Report, Table, times},
};

const METHODS: usize = 100;

/// What is compared: a title, the two sources, and whether the dependencies are built beforehand.
struct Case {
    title: &'static str,
    ours: String,
    theirs: String,
    warm: bool,
    at_most: f64,
}

pub fn report(effort: &Effort, report: &mut Report) {
    let rounds = if effort.quick { 1 } else { 3 };
    match measure(rounds) {
        Ok(table) => report.add("build", "Build time (`cargo build`, debug profile)", &table),
        Err(error) => eprintln!("no builds are measured: {error}"),
    }
}

fn measure(rounds: usize) -> io::Result<Table> {
    let folder = env::temp_dir().join(format!("memo-builds-{}", std::process::id()));
    let (ours, theirs) = (folder.join("ours"), folder.join("theirs"));
    let runtime =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../memo-runtime").canonicalize()?;
    prepare(&ours, &format!("memo-runtime = {{ path = '{}' }}", runtime.display()))?;
    prepare(&theirs, "cached = \"4.1\"")?;
    let mut table = Table::new(["build", "memo: s", "`cached`: s", "measured", "at most", "met"]);
    for case in cases() {
        eprintln!("building: {}", case.title);
        fs::write(ours.join("src/lib.rs"), &case.ours)?;
        fs::write(theirs.join("src/lib.rs"), &case.theirs)?;
        let mut rows = Vec::new();
        for _ in 0..rounds {
            rows.push((build(&ours, case.warm)?, build(&theirs, case.warm)?));
        }
        let ratio = median(rows.iter().map(|(ours, theirs)| ours / theirs));
        table.row(vec![
            case.title.to_owned(),
            format!("{:.2}", median(rows.iter().map(|row| row.0))),
            format!("{:.2}", median(rows.iter().map(|row| row.1))),
            times(ratio),
            times(case.at_most),
            if ratio <= case.at_most { "yes" } else { "**no**" }.to_owned(),
        ]);
    }
    fs::remove_dir_all(&folder)?;
    Ok(table)
}

fn cases() -> [Case; 4] {
    let empty = || "//! Nothing but the dependency.\n".to_owned();
    let case = |title, ours, theirs, warm, at_most| Case { title, ours, theirs, warm, at_most };
    [
        case("the crate and its dependencies, clean", empty(), empty(), false, 0.6),
        case("100 memoized methods, clean", methods(ours), methods(theirs), false, 1.0),
        case("100 memoized methods, dependencies built", methods(ours), methods(theirs), true, 1.0),
        case("100 methods of 10 types, dependencies built", types(ours), types(theirs), true, 1.0),
    ]
}

fn prepare(folder: &Path, dependency: &str) -> io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(
        folder.join("Cargo.toml"),
        format!(
            "[package]\nname = \"built\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n\n[workspace]\n"
        ),
    )
}

/// The seconds of a build.
fn build(folder: &Path, warm: bool) -> io::Result<f64> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // The folder's own target, and nothing that this process was built with.
        command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", folder.join("target"));
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other("`cargo` failed")) }
    };
    if warm {
        cargo(&["build"])?;
        cargo(&["clean", "--package", "built"])?;
    } else {
        cargo(&["fetch"])?;
        cargo(&["clean"])?;
    }
    let start = Instant::now();
    cargo(&["build"])?;
    Ok(start.elapsed().as_secs_f64())
}

/// One type's block, with its methods.
type Write = fn(name: &str, methods: &[String]) -> String;

fn methods(write: Write) -> String {
    write("Subject", &method_sources(METHODS))
}

fn types(write: Write) -> String {
    let sources = method_sources(METHODS);
    let types = sources.chunks(10).enumerate();
    types.map(|(number, methods)| write(&format!("Subject{number}"), methods)).collect()
}

/// Methods of a few signatures, as they come in real programs.
fn method_sources(count: usize) -> Vec<String> {
    const SHAPES: [(&str, &str); 4] = [
        ("a: u64", "a.wrapping_mul(self.factor)"),
        ("a: u64, b: u32", "a.wrapping_mul(self.factor) + u64::from(b)"),
        ("text: String", "self.factor + text.len() as u64"),
        ("terms: Vec<u64>", "terms.iter().sum::<u64>() + self.factor"),
    ];
    let shapes = SHAPES.iter().cycle().enumerate().take(count);
    shapes
        .map(|(number, (arguments, body))| {
            format!("pub fn method{number}(&self, {arguments}) -> u64 {{ {body} }}")
        })
        .collect()
}

fn ours(name: &str, methods: &[String]) -> String {
    let mut source = format!(
        "#[memo_runtime::memoize]\npub struct {name} {{ factor: u64 }}\n#[memo_runtime::memoize]\nimpl {name} {{\n"
    );
    for method in methods {
        let _ = writeln!(source, "#[memoize]\n{method}");
    }
    source + "}\n"
}

fn theirs(name: &str, methods: &[String]) -> String {
    let mut source = format!("pub struct {name} {{ factor: u64 }}\nimpl {name} {{\n");
    for method in methods {
        let _ = writeln!(source, "#[cached::macros::cached(in_impl = true)]\n{method}");
    }
    source + "}\n"
}
