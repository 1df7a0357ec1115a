//! What the adapters ask, and what they make of the answers.

use std::{fmt::Debug, time::Duration};

use memo_runtime::{AsyncRedis, BoxError, Redis};

use crate::{
    adapters::{PATIENT, both},
    server::Server,
};

#[test]
fn entries_live_for_their_ttl_in_the_server() {
    let Some(server) = Server::start() else { return };
    let left = |key: &[u8]| {
        let answer = server.ask(&[b"PTTL", key]);
        answer.trim().trim_start_matches(':').parse::<i64>().expect("a number")
    };
    for (name, store) in both(&server.url(), PATIENT) {
        let set = |ttl| store.set(b"k", b"v", ttl).expect("it can be written");
        set(Some(Duration::from_secs(60)));
        assert!((1..=60_000).contains(&left(b"k")), "{name}");
        set(None);
        assert_eq!(left(b"k"), -1, "{name}: it was replaced, with its time");
        set(Some(Duration::MAX));
        assert!(left(b"k") > 1_000_000_000, "{name}");
        assert_eq!(store.get(b"k").expect("it can be read").as_deref(), Some(&b"v"[..]));
    }
}

#[test]
fn a_list_under_the_key_is_an_error_and_is_overwritten() {
    let Some(server) = Server::start() else { return };
    for (name, store) in both(&server.url(), PATIENT) {
        server.ask(&[b"DEL", b"key"]);
        assert_eq!(server.ask(&[b"RPUSH", b"key", b"secret"]), ":1\r\n");
        let error = store.get(b"key").expect_err("it is a list").to_string();
        assert!(error.starts_with("GET on Redis at 127.0.0.1:"), "{name}: {error}");
        assert!(error.contains("WRONGTYPE") && !error.contains("secret"), "{name}: {error}");
        store.set(b"key", b"value", None).expect("`set` overwrites it");
        assert_eq!(store.get(b"key").expect("a string").as_deref(), Some(&b"value"[..]), "{name}");
    }
}

#[test]
fn a_database_of_its_own_is_read_written_and_cleared() {
    let Some(server) = Server::start() else { return };
    server.ask(&[b"SET", b"key", b"in the first"]);
    for (name, store) in both(&format!("{}/3", server.url()), PATIENT) {
        assert_eq!(store.get(b"key").expect("it can be read"), None, "{name}");
        store.set(b"key", b"in the fourth", None).expect("it can be written");
        store.clear(b"").expect("it can be cleared");
        assert_eq!(store.get(b"key").expect("it can be read"), None, "{name}");
        assert_eq!(server.ask(&[b"GET", b"key"]), "$12\r\nin the first\r\n", "{name}");
    }
}

#[test]
#[cfg(unix)]
fn a_unix_socket_is_a_server_too() {
    let socket = std::env::temp_dir().join(format!("memo-redis-{}.sock", std::process::id()));
    let socket = socket.to_str().expect("a plain path");
    let Some(server) = Server::start_with(&["--unixsocket", socket]) else { return };
    for (name, store) in both(&format!("unix://{socket}?db=2"), PATIENT) {
        store.set(b"key", name.as_bytes(), None).expect("it can be written");
        assert_eq!(store.get(b"key").expect("it can be read").as_deref(), Some(name.as_bytes()));
        assert_eq!(server.ask(&[b"EXISTS", b"key"]), ":0\r\n", "{name}: it is in database 2");
    }
    drop(server);
    std::fs::remove_file(socket).expect("a server that was killed leaves it");
}

#[test]
fn a_password_opens_the_server_and_is_never_told() {
    let Some(server) = Server::start() else { return };
    assert_eq!(server.ask(&[b"CONFIG", b"SET", b"requirepass", b"hunter2"]), "+OK\r\n");
    let with = |password: &str| format!("redis://:{password}@127.0.0.1:{}", server.port());
    for (name, store) in both(&with("hunter2"), PATIENT) {
        store.set(b"key", b"value", None).expect("the password is right");
        assert!(store.get(b"key").expect("the password is right").is_some(), "{name}");
    }
    for (name, store) in both(&with("hunter3"), PATIENT) {
        let error = store.get(b"key").expect_err("the password is wrong");
        let told = format!("{error} {error:?}");
        assert!(!told.contains("hunter"), "{name}: {told}");
        assert!(told.contains("GET on Redis at 127.0.0.1:"), "{name}: {told}");
    }
}

#[test]
fn debug_tells_the_server_and_the_limits_and_no_password() {
    let url = "redis://someone:hunter2@cache.internal:6380/4";
    let told: [&dyn Debug; 2] =
        [&Redis::open(url).expect("a URL"), &AsyncRedis::open(url).expect("a URL")];
    for told in told.map(|store| format!("{store:?}")) {
        assert!(told.contains("cache.internal:6380") && told.contains('4'), "{told}");
        assert!(told.contains("connect_timeout: 500ms, response_timeout: 200ms"), "{told}");
        assert!(!told.contains("hunter2") && !told.contains("someone"), "{told}");
    }
}

#[test]
fn a_url_that_is_none_is_refused_at_once_and_not_repeated() {
    let refused = |url: &str| {
        let errors: [BoxError; 2] = [
            Redis::open(url).expect_err("no URL of a server"),
            AsyncRedis::open(url).expect_err("no URL of a server"),
        ];
        for error in errors.map(|error| error.to_string()) {
            assert!(error.starts_with("URL of a Redis server: "), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    };
    refused("");
    refused("127.0.0.1:6379");
    refused("http://:hunter2@127.0.0.1");
    refused("redis://:hunter2@127.0.0.1:port");
    refused("redis://:hunter2@127.0.0.1/database");
    // There is no TLS in the features that the tests are built with.
    refused("rediss://:hunter2@127.0.0.1");
}
