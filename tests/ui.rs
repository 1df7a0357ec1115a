//! What does not compile, and what the user is told: one file a mistake in `tests/ui/<area>/`, near-misses that must
//! compile in `tests/ui/pass/`.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test --test ui`, and read what has changed as a user would.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The compiler whose messages the `.stderr` files hold.
const PINNED: &str = "rustc 1.95.";

#[test]
fn every_mistake_is_refused_and_every_near_miss_compiles() {
    if !is_pinned() {
        eprintln!(
            "SKIPPED: the messages in tests/ui are those of {PINNED}x; another compiler words its own differently"
        );
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    for area in areas() {
        cases.compile_fail(format!("{}/*.rs", area.display()));
    }
}

/// `//~ ERROR text` beside a line stands for one error there whose message contains the text; there are no others.
#[test]
fn each_mistake_gives_one_error_at_the_line_to_blame() {
    let mut wrong = Vec::new();
    for case in cases() {
        let source = read(&case);
        let expected: Vec<(usize, String)> = (1..)
            .zip(source.lines())
            .flat_map(|(number, line)| {
                line.split("//~ ERROR").skip(1).map(move |text| (number, text.trim().to_owned()))
            })
            .collect();
        let reported = errors(&read(&case.with_extension("stderr")));
        let matches = |(line, text): &(usize, String)| {
            !text.is_empty()
                && reported.iter().any(|error| error.line == *line && error.message.contains(text))
        };
        if expected.is_empty() || expected.len() != reported.len() || !expected.iter().all(matches)
        {
            wrong.push(format!("{}: {expected:?}, but {reported:?}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Messages are compared without what stands in backticks, which is the example's.
#[test]
fn the_book_lists_every_error_and_no_other() {
    let told = told();
    let listed = listed("docs/errors.md");
    let missing: Vec<_> = told.difference(&listed).collect();
    let outdated: Vec<_> = listed.difference(&told).collect();
    assert!(missing.is_empty(), "docs/errors.md does not list {missing:#?}");
    assert!(outdated.is_empty(), "no test in tests/ui gives {outdated:#?}");
}

#[test]
fn the_readme_shows_errors_that_there_are() {
    let told = told();
    let listed = listed("README.md");
    assert!(!listed.is_empty(), "the README shows no errors");
    let invented: Vec<_> = listed.difference(&told).collect();
    assert!(invented.is_empty(), "no test in tests/ui gives {invented:#?}");
}

/// The messages of the tests in `tests/ui`.
fn told() -> BTreeSet<String> {
    let stderrs = cases().into_iter().map(|case| read(&case.with_extension("stderr")));
    stderrs.flat_map(|stderr| errors(&stderr)).map(|error| without_names(&error.message)).collect()
}

/// The messages on a page.
fn listed(page: &str) -> BTreeSet<String> {
    errors(&read(Path::new(page))).iter().map(|error| without_names(&error.message)).collect()
}

fn without_names(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`…`")
}

#[derive(Debug)]
struct Reported {
    line: usize,
    message: String,
}

/// The errors in a `.stderr` file.
fn errors(stderr: &str) -> Vec<Reported> {
    let lines: Vec<&str> = stderr.lines().collect();
    let is_error = |line: &str| line.starts_with("error:") || line.starts_with("error[");
    (0..lines.len())
        .filter(|at| is_error(lines[*at]))
        .map(|at| {
            let message = lines[at].split_once(": ").map_or("", |(_, message)| message).to_owned();
            let place = lines[at..].iter().find_map(|line| line.trim_start().strip_prefix("--> "));
            let line = place.and_then(|place| place.split(':').nth(1)?.parse().ok());
            Reported { line: line.unwrap_or_default(), message }
        })
        .collect()
}

fn areas() -> BTreeSet<PathBuf> {
    list(Path::new("tests/ui"))
        .into_iter()
        .filter(|path| path.is_dir() && !path.ends_with("pass"))
        .collect()
}

fn cases() -> BTreeSet<PathBuf> {
    areas()
        .iter()
        .flat_map(|area| list(area))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn list(directory: &Path) -> BTreeSet<PathBuf> {
    fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.expect("a directory can be listed to its end").path())
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_pinned() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(rustc)
        .arg("--version")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with(PINNED))
}
