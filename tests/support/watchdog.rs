//! A test that hangs ends the process, and says which one it was.

use std::{
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

/// Runs `test`; aborts if it takes more than a minute.
pub fn watched<R>(name: &str, test: impl FnOnce() -> R) -> R {
    let (done, is_done) = channel::<()>();
    let name = name.to_owned();
    let watchdog = thread::spawn(move || {
        if is_done.recv_timeout(Duration::from_secs(60)) == Err(RecvTimeoutError::Timeout) {
            eprintln!("`{name}` hangs");
            std::process::abort();
        }
    });
    let result = test();
    drop(done);
    watchdog.join().expect("the watchdog only waits");
    result
}
