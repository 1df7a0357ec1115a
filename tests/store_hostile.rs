//! Stores that lie, codecs and keys that panic, names that run into each other: no wrong value, no end of the process, nothing poisoned.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use memo_runtime::{
    AsyncByteStore, BoxError, ByteStore, Codec, ErrorKind, MemoryStore, MessagePack, Region,
    clock::advance, memoize,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use watchdog::watched;

/// A store of several regions that keeps what it should drop, and answers every question alike when it is told to.
#[derive(Clone, Default)]
struct Liar(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    answer: Option<Vec<u8>>,
}

impl ByteStore for Liar {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let held = self.0.lock().expect("no panic under the lock");
        Ok(held.answer.clone().or_else(|| held.entries.get(key).cloned()))
    }
    fn set(&self, key: &[u8], value: &[u8], _: Option<Duration>) -> Result<(), BoxError> {
        self.0.lock().expect("no panic under the lock").entries.insert(key.into(), value.into());
        Ok(())
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        Ok(self.0.lock().expect("no panic under the lock").entries.remove(key).is_some())
    }
    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.0
            .lock()
            .expect("no panic under the lock")
            .entries
            .retain(|key, _| !key.starts_with(prefix));
        Ok(())
    }
}
impl AsyncByteStore for Liar {
    async fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        ByteStore::get(self, key)
    }
    async fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        ByteStore::set(self, key, value, ttl)
    }
    async fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        ByteStore::remove(self, key)
    }
    async fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        ByteStore::clear(self, prefix)
    }
}
impl Liar {
    fn answer(&self, bytes: Option<Vec<u8>>) {
        self.0.lock().expect("no panic under the lock").answer = bytes;
    }
    fn entries(&self) -> Vec<Vec<u8>> {
        self.0.lock().expect("no panic under the lock").entries.values().cloned().collect()
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

mod names {
    use super::*;

    static STORE: LazyLock<Liar> = LazyLock::new(Liar::default);

    macro_rules! functions {
        ($($function:ident: $region:literal, $name:literal, $version:literal = $value:literal;)*) => {
            $(
                #[memoize(store = Arc::new(Region::new($region, STORE.clone())), unbounded, name = $name, version = $version)]
                fn $function(n: u16) -> u16 {
                    n + $value
                }
            )*
            const ALL: &[(fn(u16) -> u16, u16)] = &[$(($function, $value)),*];
        };
    }
    functions! {
        first: "a:b", "c", "1" = 10;
        second: "a", "b:c", "1" = 20;
        escaped: "a%3Ab", "c", "1" = 30;
        in_version: "a", "b", "c:1" = 40;
        short: "a", "c", "" = 50;
        nameless: "", "a:c", ":" = 60;
        longer: "a", "c:", "" = 70;
        upper: "A", "c:", "" = 80;
        glob: "a", "c*", "" = 90;
        spaced: "a ", "c:", "" = 100;
        nul: "a\0", "c:", "" = 110;
        composed: "\u{e9}", "e\u{301}", "%" = 120;
        decomposed: "e\u{301}", "\u{e9}", "%" = 130;
    }

    #[test]
    fn do_not_run_into_each_other() {
        for (function, value) in [ALL, ALL].concat() {
            assert_eq!(function(1), value + 1);
        }
        assert_eq!(STORE.entries().len(), ALL.len());
        short_cache().clear().unwrap();
        assert_eq!(STORE.entries().len(), ALL.len() - 1, "neither those of `c:` nor of `c*`");
        nameless_cache().clear().unwrap();
        assert_eq!(STORE.entries().len(), ALL.len() - 2);
    }

    static LIES: LazyLock<Region<Liar>> = LazyLock::new(|| Region::new("at once", Liar::default()));

    fn one() -> u8 {
        #[memoize(store = &LIES, unbounded, name = "at once", version = 1)]
        fn call() -> u8 {
            1
        }
        call()
    }
    fn other() -> u8 {
        #[memoize(store = &LIES, unbounded, name = "at once", version = 2)]
        fn call() -> u8 {
            2
        }
        call()
    }
    #[test]
    fn that_are_first_used_together_are_ones_of_two() {
        let both = || {
            thread::scope(|scope| {
                [scope.spawn(one), scope.spawn(other)].map(|call| call.join().ok())
            })
        };
        let first = both();
        assert!([[Some(1), None], [None, Some(2)]].contains(&first), "{first:?}");
        assert_eq!((both(), both()), (first, first));
    }
}

mod lies {
    use super::*;

    static STORE: LazyLock<Liar> = LazyLock::new(Liar::default);
    static REGION: LazyLock<Region<Liar>> = LazyLock::new(|| Region::new("lies", STORE.clone()));

    #[memoize(store = &REGION, ttl = "1h")]
    fn double(n: u64) -> u64 {
        n * 2
    }
    #[memoize(store = &REGION, ttl = "1h", single_flight)]
    async fn triple(n: u64) -> u64 {
        n * 3
    }

    /// Any entry for any other, cut off anywhere, twice, with a byte more. After an hour no entry is good, though the store keeps them.
    #[test]
    fn are_seen() {
        let check = || {
            for n in 0..3 {
                assert_eq!((double(n), block_on(triple(n))), (n * 2, n * 3));
                assert!(double_cache().get((n,)).is_ok_and(|it| it.is_none_or(|it| it == n * 2)));
            }
        };
        check();
        let entries = STORE.entries();
        assert_eq!(entries.len(), 6);
        for entry in &entries {
            let longer = [[entry, &b"\0"[..]].concat(), [&entry[..], entry].concat()];
            for lie in (0..=entry.len()).map(|len| entry[..len].to_vec()).chain(longer) {
                STORE.answer(Some(lie));
                for n in 0..3 {
                    assert_eq!((double(n), block_on(triple(n))), (n * 2, n * 3));
                    let read = double_cache().get((n,));
                    assert!(read.is_err() || read.is_ok_and(|it| it.is_none_or(|it| it == n * 2)));
                }
            }
        }
        STORE.answer(None);
        check();
        advance(Duration::from_secs(3600));
        assert_eq!(double_cache().get((1,)).unwrap(), None);
    }
}

mod panics {
    use super::*;

    static PANICS: AtomicUsize = AtomicUsize::new(0);

    fn at(place: usize) {
        assert_ne!(PANICS.load(SeqCst), place, "here");
    }

    struct Fragile;
    impl Codec for Fragile {
        const NAME: &'static str = "fra:gile%";
        fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, BoxError> {
            at(1);
            MessagePack::encode(value)
        }
        fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BoxError> {
            at(2);
            MessagePack::decode(bytes)
        }
    }
    #[derive(Clone)]
    struct Key(u64);
    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            at(3);
            self.0 == other.0
        }
    }
    impl Eq for Key {}
    impl Hash for Key {
        fn hash<H: Hasher>(&self, hasher: &mut H) {
            at(4);
            self.0.hash(hasher);
        }
    }
    impl Serialize for Key {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            at(5);
            serializer.serialize_u64(self.0)
        }
    }
    impl<'de> Deserialize<'de> for Key {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            at(6);
            u64::deserialize(deserializer).map(Self)
        }
    }
    static REGION: LazyLock<Region<MemoryStore, Fragile>> = LazyLock::new(|| {
        Region::new("fragile", MemoryStore::new()).codec().retry_after(Duration::ZERO)
    });

    #[memoize(store = &REGION, unbounded)]
    fn plain(key: Key) -> u64 {
        key.0
    }
    #[memoize(store = &REGION, unbounded, single_flight)]
    fn flight(key: &Key) -> u64 {
        key.0
    }
    #[memoize(store = &REGION, unbounded, single_flight)]
    async fn later(key: Key) -> u64 {
        tokio::task::yield_now().await;
        key.0
    }

    fn call(n: u64) -> [thread::Result<u64>; 3] {
        [
            catch_unwind(|| plain(Key(n))),
            catch_unwind(|| flight(&Key(n))),
            catch_unwind(AssertUnwindSafe(|| block_on(later(Key(n))))),
        ]
    }

    #[test]
    fn of_keys_and_codecs_poison_nothing() {
        watched("of_keys_and_codecs_poison_nothing", || {
            for place in [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0] {
                PANICS.store(place, SeqCst);
                thread::scope(|scope| {
                    let some = move || (0..3).chain([100 + place as u64]).map(|n| (n, call(n)));
                    for _ in 0..3 {
                        scope.spawn(move || {
                            for (n, results) in some() {
                                // The key's own code may panic as it likes; a codec's may not reach a caller.
                                assert!(place > 2 || results.iter().all(Result::is_ok), "{place}");
                                assert!(results.into_iter().flatten().all(|got| got == n));
                            }
                        });
                    }
                });
                if place == 1 {
                    let error = plain_cache().insert((Key(1),), 1).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::Encode);
                }
            }
            assert_eq!(flight_cache().get((&Key(1),)).unwrap(), Some(1));
        });
    }
}
