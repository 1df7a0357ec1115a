//! A test in a process of its own: of what would end the process, or never end.

use std::{env, process::Command, sync::mpsc, thread, time::Duration};

/// Runs the test of that path again, in another process, where `run` is called in a thread with the stack that threads have.
pub fn alone(test: &str, run: impl FnOnce() + Send + 'static) {
    if env::var_os("MEMO_ALONE").is_some() {
        let (done, is_done) = mpsc::channel();
        let thread = thread::Builder::new().stack_size(2 << 20);
        thread.spawn(move || (run(), done.send(()))).expect("a thread");
        is_done.recv_timeout(Duration::from_secs(30)).expect("it hangs, or panics");
        return;
    }
    let child = Command::new(env::current_exe().expect("this process"))
        .args(["--exact", test])
        .env("MEMO_ALONE", "")
        .output()
        .expect("this process can be run again");
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && told.contains("1 passed"), "{child:?}");
}
