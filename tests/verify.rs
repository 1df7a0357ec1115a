//! Hits that are verified: what is found, what is said of it, and that nothing else changes.
//!
//! Only with the feature: `cargo test --features verify`.

#[path = "verify/bugs.rs"]
mod bugs;
#[path = "verify/forms.rs"]
mod forms;
#[path = "verify/sample.rs"]
mod sample;
#[path = "verify/values.rs"]
mod values;
#[path = "verify/without_a_trace.rs"]
mod without_a_trace;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a call says that finds a difference.
fn said<R>(call: impl FnOnce() -> R) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(call)) else {
        panic!("nothing was found");
    };
    *payload.downcast::<String>().expect("a message is a string")
}

/// Whether a call finds a difference in `method`.
fn finds<R>(method: &str, call: impl FnOnce() -> R) -> bool {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(_) => false,
        Err(payload) => {
            let said = payload.downcast::<String>().expect("a message is a string");
            said.starts_with(&format!("memo: the cached result of `{method}` is wrong"))
        }
    }
}
