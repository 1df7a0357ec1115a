//! Faults at the level of memoized functions: right values every time, errors counted, and what recovers is used again.

use std::{
    env,
    process::Command,
    sync::{
        Barrier, LazyLock, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicU32, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use memo_runtime::{ErrorKind, Redis, Region, memoize};

use crate::{
    adapters::{PATIENT, SHORT, both},
    proxy::Proxy,
    server::Server,
    watchdog::watched,
};

/// The server is asked after each error too, so that what is counted is exact.
fn region(url: &OnceLock<String>, limit: Duration) -> Region<Redis> {
    let redis = Redis::open(url.get().expect("the server was started")).expect("a URL");
    let redis = redis.connect_timeout(limit).response_timeout(limit);
    Region::new("test", redis).retry_after(Duration::ZERO)
}

/// The only key that there is.
fn only_key(server: &Server) -> Vec<u8> {
    let answer = server.ask(&[b"KEYS", b"*"]);
    let mut lines = answer.split("\r\n");
    assert_eq!(lines.next(), Some("*1"), "{answer}");
    lines.nth(1).expect("a key").as_bytes().to_vec()
}

#[test]
fn callers_of_a_server_that_is_killed_and_comes_back_get_right_values() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, PATIENT));
    #[memoize(store = &REGION, ttl = "1h", stats)]
    fn square(n: u64) -> u64 {
        n * n
    }
    let Some(mut server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    let is_over = AtomicBool::new(false);
    let errors = || square_cache().info().errors.expect("a store counts them");
    let hits = || square_cache().info().hits.expect("they are counted");
    let rises_by_hundred = |count: &dyn Fn() -> u64| {
        let before = count();
        while count() < before + 100 {
            thread::yield_now();
        }
    };
    watched("killed", || {
        thread::scope(|scope| {
            for caller in 0..4 {
                let is_over = &is_over;
                scope.spawn(move || {
                    for round in 0_u64.. {
                        if is_over.load(SeqCst) {
                            break;
                        }
                        let n = caller + round % 10;
                        assert_eq!(square(n), n * n);
                    }
                });
            }
            rises_by_hundred(&hits);
            assert_eq!(errors(), 0);
            server.kill();
            rises_by_hundred(&errors);
            server.restart();
            rises_by_hundred(&hits);
            is_over.store(true, SeqCst);
        });
        let before = errors();
        assert_eq!(square(1_000), 1_000_000);
        assert_eq!(square_cache().get((1_000,)).expect("the server is back"), Some(1_000_000));
        assert_eq!(errors(), before, "nothing is wrong any more");
    });
}

#[test]
fn a_server_that_is_stopped_costs_errors_and_no_values() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, SHORT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    watched("stopped", || {
        assert_eq!((square(2), square(2), BODIES.load(SeqCst)), (4, 4, 1));
        server.stop();
        assert_eq!((square(2), square(3)), (4, 9));
        assert_eq!(BODIES.load(SeqCst), 3, "the bodies run");
        // A reading and a writing for each.
        assert_eq!(square_cache().info().errors, Some(4));
        // Of an entry that is not asked for any more, as the server may do it when it goes on.
        let error = square_cache().remove((9,)).expect_err("who forgets has to know");
        assert_eq!(error.kind(), ErrorKind::Write);
        server.go_on();
        assert_eq!((square(2), square(4), square(4)), (4, 16, 16));
        assert_eq!(BODIES.load(SeqCst), 4, "what was stored before is there, and what was after");
        assert_eq!(square_cache().info().errors, Some(4));
    });
}

#[test]
fn without_a_server_at_the_first_call_bodies_run() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, PATIENT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(mut server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    server.kill();
    watched("none", || {
        assert_eq!((square(2), square(2), BODIES.load(SeqCst)), (4, 4, 2));
        assert_eq!(square_cache().info().errors, Some(4));
        assert_eq!(square_cache().get((2,)).expect_err("there is none").kind(), ErrorKind::Read);
        let errors = [
            square_cache().insert((2,), 4).expect_err("there is none"),
            square_cache().clear().expect_err("there is none"),
        ];
        assert_eq!(errors.map(|error| error.kind()), [ErrorKind::Write; 2]);
        server.restart();
        assert_eq!((square(2), square(2), BODIES.load(SeqCst)), (4, 4, 3));
        assert_eq!(square_cache().info().errors, Some(4), "those of the accessor were told");
    });
}

#[test]
fn a_server_without_memory_serves_what_it_has() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, PATIENT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(server) = Server::start_with(&["--maxmemory-policy", "noeviction"]) else { return };
    URL.set(server.url()).expect("only here");
    watched("full", || {
        assert_eq!(square(2), 4);
        server.ask(&[b"CONFIG", b"SET", b"maxmemory", b"1"]);
        assert_eq!((square(2), BODIES.load(SeqCst)), (4, 1), "a hit");
        assert_eq!((square(3), square(3), BODIES.load(SeqCst)), (9, 9, 3));
        assert_eq!(square_cache().info().errors, Some(2), "two writings");
        assert!(square_cache().remove((2,)).expect("forgetting needs no room"));
        server.ask(&[b"CONFIG", b"SET", b"maxmemory", b"0"]);
        assert_eq!((square(3), square(3), BODIES.load(SeqCst)), (9, 9, 4));
    });
}

#[test]
fn what_is_not_ours_under_our_key_is_a_miss_and_overwritten() {
    static URL: OnceLock<String> = OnceLock::new();
    static TOLD: Mutex<Vec<ErrorKind>> = Mutex::new(Vec::new());
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| {
        region(&URL, PATIENT)
            .on_error(|error| TOLD.lock().expect("nobody panics").push(error.kind()))
    });
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    fn words(text: &str) -> Vec<String> {
        BODIES.fetch_add(1, SeqCst);
        text.split(' ').map(str::to_owned).collect()
    }
    let Some(server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    watched("garbage", || {
        let expected = ["a", "b"];
        assert_eq!(words("a b"), expected);
        let key = only_key(&server);
        // What stands before the function's own bytes: magic, format, end, identity.
        let [(_, redis), _] = both(&server.url(), PATIENT);
        let head = redis.get(&key).expect("it runs").expect("it is there");
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        for round in 0..20 {
            let mut garbage: Vec<u8> = (0..512)
                .flat_map(|_| {
                    seed ^= seed << 13;
                    seed ^= seed >> 7;
                    seed ^= seed << 17;
                    seed.to_le_bytes()
                })
                .collect();
            if round % 2 == 1 {
                garbage[..29].copy_from_slice(&head[..29]);
            }
            server.ask(&[b"SET", &key, &garbage]);
            let error = words_cache().get(("a b",)).expect_err("it is not ours");
            assert_eq!(error.kind(), ErrorKind::Decode);
            BODIES.store(0, SeqCst);
            assert_eq!(words("a b"), expected);
            assert_eq!(words("a b"), expected);
            assert_eq!(BODIES.load(SeqCst), 1, "it was overwritten");
            assert_eq!(*TOLD.lock().expect("nobody panics"), [ErrorKind::Decode]);
            TOLD.lock().expect("nobody panics").clear();
        }
        server.ask(&[b"DEL", &key]);
        server.ask(&[b"RPUSH", &key, b"a", b"list"]);
        assert_eq!(words("a b"), expected);
        assert_eq!(words("a b"), expected);
        assert_eq!(BODIES.load(SeqCst), 2, "the list was overwritten");
        assert_eq!(*TOLD.lock().expect("nobody panics"), [ErrorKind::Read]);
        assert_eq!(words_cache().info().errors, Some(21));
    });
}

#[test]
fn entries_of_another_function_or_key_are_not_taken_for_ones_own() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, PATIENT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    #[memoize(store = &REGION, ttl = "1h")]
    fn cube(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n * n
    }
    let Some(server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    watched("other", || {
        assert_eq!(square(2), 4);
        let of_square = only_key(&server);
        server.ask(&[b"RENAME", &of_square, b"kept"]);
        assert_eq!(square(3), 9);
        // Each key is made known by being the only one.
        server.ask(&[b"DEL", b"kept"]);
        let of_three = only_key(&server);
        server.ask(&[b"COPY", &of_three, &of_square]);
        assert_eq!((square(2), square(2), BODIES.load(SeqCst)), (4, 4, 3), "that of 3 is not 2's");

        server.ask(&[b"FLUSHALL"]);
        assert_eq!(cube(2), 8);
        let of_cube = only_key(&server);
        assert_eq!(square(2), 4);
        server.ask(&[b"COPY", &of_square, &of_cube, b"REPLACE"]);
        BODIES.store(0, SeqCst);
        assert_eq!((cube(2), cube(2), BODIES.load(SeqCst)), (8, 8, 1), "that of `square`");
        assert_eq!(cube_cache().info().errors, Some(1));

        cube_cache().clear().expect("it runs");
        assert_eq!(cube_cache().get((2,)).expect("it runs"), None);
        assert_eq!(square_cache().get((2,)).expect("it runs"), Some(4), "a neighbour");
    });
}

#[test]
fn a_late_answer_is_nobody_elses_value() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, SHORT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(server) = Server::start() else { return };
    let proxy = Proxy::before(server.port());
    URL.set(proxy.url()).expect("only here");
    watched("late", || {
        assert_eq!((square(2), square(3)), (4, 9));
        proxy.hold_next();
        assert_eq!(square(2), 4);
        proxy.wait_until_held();
        proxy.release();
        assert_eq!((square(3), square(2)), (9, 4));
        assert_eq!(BODIES.load(SeqCst), 3, "one of them had to do without the server");
        assert_eq!(square_cache().info().errors, Some(1));
    });
}

/// Run once more by itself, as the second process.
#[test]
fn two_processes_share_a_value() {
    const SECOND: &str = "MEMO_TEST_SECOND_PROCESS";
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, PATIENT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h")]
    fn square(n: u64) -> Result<u64, String> {
        BODIES.fetch_add(1, SeqCst);
        if n == 0 { Err("zero".to_owned()) } else { Ok(n * n) }
    }
    if let Ok(url) = env::var(SECOND) {
        URL.set(url).expect("only here");
        let values = [square(0), square(7)];
        println!("second: {values:?}, bodies: {}", BODIES.load(SeqCst));
        return;
    }
    let Some(server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    assert_eq!((square(7), square(0)), (Ok(49), Err("zero".to_owned())));
    let second = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "memoized::two_processes_share_a_value", "--nocapture"])
        .env(SECOND, server.url())
        .output()
        .expect("it runs once more");
    let told = String::from_utf8_lossy(&second.stdout);
    // The error was not shared, the value was.
    assert!(told.contains(r#"second: [Err("zero"), Ok(49)], bodies: 1"#), "{told}");
}

#[test]
fn a_stampede_runs_one_body() {
    static URL: OnceLock<String> = OnceLock::new();
    static REGION: LazyLock<Region<Redis>> = LazyLock::new(|| region(&URL, PATIENT));
    static BODIES: AtomicU32 = AtomicU32::new(0);
    #[memoize(store = &REGION, ttl = "1h", single_flight)]
    fn square(n: u64) -> u64 {
        BODIES.fetch_add(1, SeqCst);
        n * n
    }
    let Some(server) = Server::start() else { return };
    URL.set(server.url()).expect("only here");
    watched("stampede", || {
        for round in 0..20 {
            let start = Barrier::new(64);
            thread::scope(|scope| {
                for _ in 0..64 {
                    scope.spawn(|| {
                        start.wait();
                        assert_eq!(square(round), round * round);
                    });
                }
            });
            assert_eq!(u64::from(BODIES.load(SeqCst)), round + 1);
        }
        assert_eq!(square_cache().info().errors, Some(0));
    });
}
