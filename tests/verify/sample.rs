//! `MEMO_VERIFY`, which is read once: each test runs this program again.

use std::{
    env,
    process::{Command, Output},
};

use memo_runtime::memoize;

/// Says to the program that it is to make calls.
const CHILD: &str = "VERIFY_TESTS_CHILD";

#[memoize(verify = false)]
fn left_out() -> u64 {
    1
}

#[memoize(unbounded)]
fn wrong(n: u64) -> u64 {
    assert_ne!(n, 7, "an unlucky number");
    n + 1
}

#[derive(Clone)]
struct Uncomparable;
impl PartialEq for Uncomparable {
    fn eq(&self, _other: &Self) -> bool {
        panic!("not to be compared")
    }
}

#[memoize]
fn uncomparable() -> Uncomparable {
    Uncomparable
}

/// Not a test by itself: what the others run.
#[test]
fn child() {
    let Some(task) = env::var_os(CHILD) else { return };
    left_out();
    left_out();
    if task == "panic" {
        wrong_cache().insert((7,), 1);
        wrong(7);
    }
    if task == "compare" {
        uncomparable();
        uncomparable();
    }
    wrong_cache().insert((1,), 5);
    let found = (0..1000).filter(|_| crate::finds("wrong", || wrong(1))).count();
    println!("found: {found}.");
}

fn run(task: &str, share: Option<&str>) -> Output {
    let mut program = Command::new(env::current_exe().expect("this program"));
    program.args(["--exact", "sample::child", "--nocapture"]).env(CHILD, task);
    program.env_remove("MEMO_VERIFY").env("RUST_BACKTRACE", "0");
    if let Some(share) = share {
        program.env("MEMO_VERIFY", share);
    }
    program.output().expect("it runs")
}

/// How many of a thousand wrong hits are found, and what is said on the way.
fn found(share: Option<&str>) -> (usize, String) {
    let output = run("calls", share);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.split("found: ").nth(1).and_then(|rest| rest.split('.').next());
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (found.expect("it says how many").parse().expect("a number"), errors)
}

#[test]
fn all_hits_a_share_of_them_or_none() {
    assert_eq!(found(None).0, 1000);
    assert_eq!(found(Some("1")).0, 1000);
    assert_eq!(found(Some("0")).0, 0);
    let share = found(Some("1/10")).0;
    assert!((30..300).contains(&share), "{share} of 1000");
}

#[test]
fn what_is_not_understood_is_said_once_and_verifies_all() {
    for share in ["", "1%", "0.1", "2", "1/0"] {
        let (found, errors) = found(Some(share));
        assert_eq!(found, 1000);
        let warning =
            format!("memo: `MEMO_VERIFY={share}` is not understood; every hit is verified;");
        assert_eq!(errors.matches(&warning).count(), 1, "{errors}");
    }
}

#[test]
fn a_panic_in_the_body_comes_with_a_note() {
    let output = run("panic", None);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(errors.contains("an unlucky number"), "{errors}");
    let note = "memo: this panic came while a cached result of `wrong`, at tests/verify/sample.rs:";
    assert_eq!(errors.matches(note).count(), 1, "{errors}");
}

#[test]
fn a_panic_of_the_comparison_comes_with_one_note() {
    let output = run("compare", None);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(errors.contains("not to be compared"), "{errors}");
    let note = "memo: this panic came while a cached result of `uncomparable`, at tests/";
    assert_eq!(errors.matches(note).count(), 1, "{errors}");
}
