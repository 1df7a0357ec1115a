//! What every [`ByteStore`] does. A test or example of a store has this file as a module, by its path, and calls [`conforms`].

use std::{sync::Barrier, thread, time::Duration};

use memo_runtime::ByteStore;

/// Long enough for no entry to expire in a test.
const LONG: Option<Duration> = Some(Duration::from_secs(3_600));

/// All rules, on a store that may hold other keys. Panics at the first one that is broken.
pub fn conforms(store: &impl ByteStore) {
    values_come_back_as_they_were(store);
    the_last_value_is_kept(store);
    what_is_removed_is_gone(store);
    a_prefix_is_cleared_and_its_neighbours_are_not(store);
    nothing_in_a_prefix_is_a_pattern(store);
    many_keys_are_cleared(store);
    keys_are_any_bytes(store);
    threads_do_not_mix_up_answers(store);
}

fn get(store: &impl ByteStore, key: &[u8]) -> Option<Vec<u8>> {
    store.get(key).expect("the store can be read")
}

fn set(store: &impl ByteStore, key: &[u8], value: &[u8]) {
    store.set(key, value, LONG).expect("the store can be written");
}

pub fn values_come_back_as_they_were(store: &impl ByteStore) {
    assert_eq!(get(store, b"conformance:absent"), None);
    let every_byte: Vec<u8> = (0..=255).collect();
    let large: Vec<u8> = (0..1 << 20).map(|i: u32| (i ^ (i >> 8)) as u8).collect();
    for value in [&b""[..], b"text", b"\0", b"$5\r\nhello\r\n", &every_byte, &large] {
        for ttl in [None, LONG, Some(Duration::MAX)] {
            store.set(b"conformance:value", value, ttl).expect("the store can be written");
            let stored = get(store, b"conformance:value");
            assert!(stored.as_deref() == Some(value), "{} bytes for {ttl:?}", value.len());
        }
    }
}

pub fn the_last_value_is_kept(store: &impl ByteStore) {
    for value in [&b"first"[..], b"", b"a longer one", b"last"] {
        set(store, b"conformance:replaced", value);
        assert_eq!(get(store, b"conformance:replaced").as_deref(), Some(value));
    }
}

pub fn what_is_removed_is_gone(store: &impl ByteStore) {
    let key = b"conformance:removed";
    assert!(!store.remove(key).expect("the store can be written"), "it was not there");
    set(store, key, b"");
    assert!(store.remove(key).expect("the store can be written"), "it was there");
    assert_eq!(get(store, key), None);
    assert!(!store.remove(key).expect("the store can be written"), "it was removed");
    set(store, key, b"again");
    assert_eq!(get(store, key).as_deref(), Some(&b"again"[..]));
    assert!(store.remove(key).expect("the store can be written"), "it was there again");
}

/// Of `keys`, `prefix` clears `cleared` and leaves the others.
fn clears(store: &impl ByteStore, keys: &[&[u8]], prefix: &[u8], cleared: &[&[u8]]) {
    for key in keys {
        set(store, key, key);
    }
    store.clear(prefix).expect("the store can be written");
    for key in keys {
        let expected = (!cleared.contains(key)).then_some(*key);
        let shown = (String::from_utf8_lossy(key), String::from_utf8_lossy(prefix));
        assert_eq!(get(store, key).as_deref(), expected, "{shown:?}");
    }
}

pub fn a_prefix_is_cleared_and_its_neighbours_are_not(store: &impl ByteStore) {
    let keys: [&[u8]; 8] = [b"n:a", b"n:ab", b"n:a:", b"n:a:b", b"n:a:b:c", b"n:b", b"x:n:a", b"n"];
    clears(store, &keys, b"n:a:", &[b"n:a:", b"n:a:b", b"n:a:b:c"]);
    clears(store, &keys, b"n:ab", &[b"n:ab"]);
    clears(store, &keys, b"n:a", &[b"n:a", b"n:ab", b"n:a:", b"n:a:b", b"n:a:b:c"]);
    clears(store, &keys, b"n:absent", &[]);
    clears(store, &keys, b"n:A", &[]);
}

pub fn nothing_in_a_prefix_is_a_pattern(store: &impl ByteStore) {
    let keys: [&[u8]; 12] = [
        b"g:*:x",
        b"g:?:x",
        b"g:[ab]:x",
        b"g:[^a]:x",
        br"g:\a:x",
        br"g:\",
        br"g:\\",
        b"g:a:x",
        b"g:ab:x",
        b"g:a-z:x",
        b"g:[a-",
        b"g:]",
    ];
    clears(store, &keys, b"g:*", &[b"g:*:x"]);
    clears(store, &keys, b"g:?:", &[b"g:?:x"]);
    clears(store, &keys, b"g:[ab]", &[b"g:[ab]:x"]);
    clears(store, &keys, b"g:[^a]:x", &[b"g:[^a]:x"]);
    clears(store, &keys, br"g:\a", &[br"g:\a:x"]);
    clears(store, &keys, br"g:\", &[br"g:\a:x", br"g:\", br"g:\\"]);
    clears(store, &keys, b"g:[a-", &[b"g:[a-"]);
    clears(store, &keys, b"g:]", &[b"g:]"]);
}

/// More than a store that works in steps takes in one.
pub fn many_keys_are_cleared(store: &impl ByteStore) {
    let key = |number: u32| format!("many:{number}").into_bytes();
    set(store, b"many", b"a neighbour");
    for number in 0..2_500 {
        set(store, &key(number), b"x");
    }
    store.clear(b"many:").expect("the store can be written");
    for number in 0..2_500 {
        assert_eq!(get(store, &key(number)), None, "{number}");
    }
    assert_eq!(get(store, b"many").as_deref(), Some(&b"a neighbour"[..]));
}

pub fn keys_are_any_bytes(store: &impl ByteStore) {
    let keys: [&[u8]; 7] =
        [b"b\0", b"b\0\0", b"b\0*", b"b\xff", b"b\xff\xfe", b"b\r\n", b"b \"'{}"];
    clears(store, &keys, b"b\0", &[b"b\0", b"b\0\0", b"b\0*"]);
    clears(store, &keys, b"b\0*", &[b"b\0*"]);
    clears(store, &keys, b"b\xff", &[b"b\xff", b"b\xff\xfe"]);
    clears(store, &keys, b"b\r", &[b"b\r\n"]);
}

/// Eight threads at once: each has keys of its own, whose values only it changes, and all share one.
pub fn threads_do_not_mix_up_answers(store: &impl ByteStore) {
    let start = Barrier::new(8);
    let shared = b"thread:shared";
    set(store, shared, b"00000000");
    let work = |thread: u8| {
        start.wait();
        for round in 0..100_u32 {
            let key = format!("thread:{thread}:{}", round % 5);
            let value = format!("{thread} in {round}").repeat(round as usize % 30);
            set(store, key.as_bytes(), value.as_bytes());
            assert_eq!(get(store, key.as_bytes()).as_deref(), Some(value.as_bytes()));
            if round % 7 == 0 {
                assert!(store.remove(key.as_bytes()).expect("the store can be written"));
                assert_eq!(get(store, key.as_bytes()), None);
            }
            set(store, shared, &[b'0' + thread; 8]);
            let seen = get(store, shared).expect("nobody removes it");
            assert!(seen.len() == 8 && seen.iter().all(|byte| *byte == seen[0]), "{seen:?}");
        }
    };
    thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || work(thread));
        }
    });
}
