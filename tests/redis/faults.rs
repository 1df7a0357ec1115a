//! What goes wrong with servers: every call ends, says the truth, and the next one finds a server that is back.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    thread,
    time::Duration,
};

use memo_runtime::ByteStore;

use crate::{
    adapters::{PATIENT, SHORT, both},
    server::Server,
    watchdog::watched,
};

const CALLERS: usize = 4;

/// Four threads call all the time, while the server is killed and comes back.
fn killed_and_started_again(name: &str, store: &dyn ByteStore, server: &mut Server) {
    let (is_back, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    // How many calls in a row went well, or wrong, for each thread.
    let well = [const { AtomicUsize::new(0) }; CALLERS];
    let wrong = [const { AtomicUsize::new(0) }; CALLERS];
    let wait_for_all = |counts: &[AtomicUsize; CALLERS]| {
        while counts.iter().any(|count| count.load(SeqCst) < 3) {
            thread::yield_now();
        }
    };
    let call = |caller: usize| {
        let key = format!("caller:{caller}").into_bytes();
        for round in 0_u32.. {
            if is_over.load(SeqCst) {
                break;
            }
            let was_back = is_back.load(SeqCst);
            let value = format!("{caller} in {round}").into_bytes();
            let stored = store.set(&key, &value, None);
            let seen = store.get(&key);
            if let Ok(Some(seen)) = &seen {
                // Not even an old one, if the new one is said to be stored.
                assert!(stored.is_err() || *seen == value, "{name}: {seen:?} in {round}");
                assert!(seen.starts_with(format!("{caller} in ").as_bytes()), "{name}: {seen:?}");
            }
            if was_back {
                stored.as_ref().expect("the server is back");
                assert_eq!(seen.as_ref().expect("the server is back").as_ref(), Some(&value));
            }
            let all_well = stored.is_ok() && seen.is_ok();
            let (more, none) = if all_well { (&well, &wrong) } else { (&wrong, &well) };
            more[caller].fetch_add(1, SeqCst);
            none[caller].store(0, SeqCst);
        }
    };
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            scope.spawn(move || call(caller));
        }
        wait_for_all(&well);
        server.kill();
        wait_for_all(&wrong);
        server.restart();
        is_back.store(true, SeqCst);
        wait_for_all(&well);
        is_over.store(true, SeqCst);
    });
}

#[test]
fn a_server_that_is_killed_in_the_middle_and_comes_back_is_used_again() {
    let Some(mut server) = Server::start() else { return };
    watched("killed", || {
        for (name, store) in both(&server.url(), PATIENT) {
            killed_and_started_again(name, &*store, &mut server);
        }
    });
}

#[test]
fn a_restart_between_two_calls_is_not_noticed() {
    let Some(mut server) = Server::start() else { return };
    watched("restarted", || {
        for (name, store) in both(&server.url(), PATIENT) {
            // Several connections are idle, and all of them die.
            let large = vec![b'x'; 1 << 20];
            thread::scope(|scope| {
                for _ in 0..CALLERS {
                    scope.spawn(|| store.set(b"key", &large, None).expect("it runs"));
                }
            });
            server.kill();
            server.restart();
            for _ in 0..CALLERS {
                assert_eq!(store.get(b"key").expect("it runs"), None, "{name}: without its data");
            }
            assert!(!store.remove(b"key").expect("it runs"), "{name}");
        }
    });
}

#[test]
fn a_connection_that_the_server_closed_is_not_noticed() {
    let Some(server) = Server::start() else { return };
    watched("closed", || {
        for (name, store) in both(&server.url(), PATIENT) {
            store.set(b"key", b"value", None).expect("it runs");
            for _ in 0..3 {
                server.ask(&[b"CLIENT", b"KILL", b"TYPE", b"normal"]);
                let value = store.get(b"key").expect("it runs");
                assert_eq!(value.as_deref(), Some(&b"value"[..]), "{name}");
                server.ask(&[b"CLIENT", b"KILL", b"TYPE", b"normal"]);
                store.clear(b"other").expect("it runs");
            }
        }
    });
}

#[test]
fn a_server_that_is_stopped_is_an_error_in_time_and_goes_on_with_right_answers() {
    let Some(server) = Server::start() else { return };
    watched("stopped", || {
        for (name, store) in both(&server.url(), SHORT) {
            store.set(b"a", b"A", None).expect("it runs");
            store.set(b"b", b"B", None).expect("it runs");
            server.stop();
            // These end, although it goes on only after them.
            let error = store.get(b"a").expect_err("it does not answer").to_string();
            assert!(error.ends_with("no answer in time") || error.contains("timed out"), "{error}");
            assert!(store.set(b"a", b"late", None).is_err(), "{name}");
            assert!(store.remove(b"c").is_err(), "{name}");
            assert!(store.clear(b"c").is_err(), "{name}");
            server.go_on();
            // Not what was asked before: the question for `a` was never answered to anybody.
            assert_eq!(store.get(b"b").expect("it runs").as_deref(), Some(&b"B"[..]), "{name}");
            assert_eq!(store.get(b"c").expect("it runs"), None, "{name}");
            store.set(b"a", b"new", None).expect("it runs");
        }
    });
}

#[test]
fn a_server_that_is_not_there_at_the_first_call_is_used_when_it_comes() {
    let Some(mut server) = Server::start() else { return };
    watched("none", || {
        for (name, store) in both(&server.url(), PATIENT) {
            server.kill();
            for _ in 0..3 {
                let error = store.get(b"key").expect_err("there is none").to_string();
                assert!(error.starts_with("GET on Redis at 127.0.0.1:"), "{name}: {error}");
                let error = store.set(b"key", b"secret", None).expect_err("there is none");
                assert!(!error.to_string().contains("secret"), "{name}: {error}");
            }
            server.restart();
            store.set(b"key", b"value", None).expect("it runs");
            let value = store.get(b"key").expect("it runs");
            assert_eq!(value.as_deref(), Some(&b"value"[..]), "{name}");
        }
    });
}

#[test]
fn a_server_without_memory_refuses_to_store_and_answers_all_else() {
    let Some(server) = Server::start_with(&["--maxmemory-policy", "noeviction"]) else { return };
    watched("full", || {
        for (name, store) in both(&server.url(), PATIENT) {
            server.ask(&[b"FLUSHALL"]);
            store.set(b"old", b"value", None).expect("there is room");
            assert_eq!(server.ask(&[b"CONFIG", b"SET", b"maxmemory", b"1"]), "+OK\r\n");
            let error = store.set(b"new", b"secret", None).expect_err("there is no room");
            let error = error.to_string();
            assert!(error.contains("OOM") && !error.contains("secret"), "{name}: {error}");
            let old = store.get(b"old").expect("it can be read");
            assert_eq!(old.as_deref(), Some(&b"value"[..]), "{name}");
            assert_eq!(store.get(b"new").expect("it can be read"), None, "{name}");
            assert!(store.remove(b"old").expect("forgetting needs no room"), "{name}");
            store.clear(b"").expect("forgetting needs no room");
            assert_eq!(server.ask(&[b"CONFIG", b"SET", b"maxmemory", b"0"]), "+OK\r\n");
            store.set(b"new", b"value", None).expect("there is room again");
        }
    });
}

/// Takes connections, and answers each question with what is no answer.
#[test]
fn what_is_no_redis_is_an_error() {
    use std::{io::Write, net::TcpListener};
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there are ports");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut client = client;
                let mut question = [0; 1 << 10];
                while let Ok(1..) = std::io::Read::read(&mut client, &mut question) {
                    if client.write_all(b"HTTP/1.1 400 secret\r\n\r\n").is_err() {
                        break;
                    }
                }
            });
        }
    });
    watched("no Redis", || {
        for (name, store) in both(&format!("redis://127.0.0.1:{port}"), Duration::from_secs(5)) {
            let errors = [
                store.get(b"key").expect_err("no answer").to_string(),
                store.set(b"key", b"value", None).expect_err("no answer").to_string(),
                store.remove(b"key").expect_err("no answer").to_string(),
                store.clear(b"key").expect_err("no answer").to_string(),
            ];
            for error in errors {
                assert!(error.contains(" on Redis at 127.0.0.1:"), "{name}: {error}");
                assert!(!error.contains("secret"), "{name}: {error}");
            }
        }
    });
}
