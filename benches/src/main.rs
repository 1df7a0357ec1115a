//! What does a memoized call cost, against code by hand and against other crates?
//!
//! ```text
//! cargo run --release -p memo-benches                      all parts but `build`
//! cargo run --release -p memo-benches -- goals memory      these parts only
//! cargo run --release -p memo-benches -- --quick           few and short rounds: does it run?
//! cargo run --release -p memo-benches -- --write           also writes the tables of docs/performance.md
//! ```
//!
//! Parts: `goals`, `stores`, `engines`, `ttl`, `misses`, `flights`, `mixed`, `mutation`, `recursion`, `memory`, `redis` (needs `redis-server`),
//! `instructions` (needs `valgrind`), `build` (builds crates, takes minutes).

mod allocations;
mod harness;
mod parts;
mod report;
#[path = "../../tests/support/redis_server.rs"]
#[allow(dead_code, reason = "tests do more with a server")]
mod server;
mod subjects;

use std::{env, process::ExitCode, thread};

use harness::Effort;
use report::Report;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// A part's name, what it does, and whether it is done unless others are asked for.
type Part = (&'static str, fn(&Effort, &mut Report), bool);

const PARTS: [Part; 13] = [
    ("goals", parts::goals::report, true),
    ("stores", parts::stores::report, true),
    ("engines", parts::engines::report, true),
    ("ttl", parts::ttl::report, true),
    ("misses", parts::misses::report, true),
    ("flights", parts::flights::report, true),
    ("mixed", parts::mixed::report, true),
    ("mutation", parts::mutation::report, true),
    ("recursion", parts::recursion::report, true),
    ("memory", parts::memory::report, true),
    ("redis", parts::redis::report, true),
    ("instructions", parts::instructions::report, true),
    ("build", parts::build::report, false),
];

/// Recursion through a memoized method that is 2,000 calls deep needs some stack.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let mut effort = Effort::FULL;
    let mut write = false;
    let mut wanted = Vec::new();
    for argument in env::args().skip(1) {
        match argument.as_str() {
            "--quick" => effort = Effort::QUICK,
            "--write" => write = true,
            parts::instructions::CHILD => {
                parts::instructions::child();
                return ExitCode::SUCCESS;
            }
            name if PARTS.iter().any(|(part, ..)| *part == name) => wanted.push(argument),
            other => {
                let parts = PARTS.map(|(name, ..)| name).join(", ");
                eprintln!(
                    "unknown argument `{other}`; expected `--quick`, `--write` or parts: {parts}"
                );
                return ExitCode::FAILURE;
            }
        }
    }
    let run = move || {
        let mut report = Report::new();
        for (name, part, by_default) in PARTS {
            if wanted.iter().any(|wanted| wanted == name) || (wanted.is_empty() && by_default) {
                part(&effort, &mut report);
            }
        }
        if write { report.write() } else { Ok(()) }
    };
    let worker = thread::Builder::new().stack_size(STACK).spawn(run);
    match worker.and_then(|worker| worker.join().expect("a part panicked")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
