//! What comes before what: least recently used goes first, a capacity always holds, and what was forgotten while it was
//! computed is not stored.

#![allow(clippy::type_complexity, reason = "each closure is used once")]

use memo_runtime::{CacheInfo, memoize};
use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
};

/// One memoized function, whatever its store: `call(n, then)` runs `then` in its body, and results in `2 * n`.
struct Subject<'a> {
    name: &'a str,
    call: Box<dyn Fn(u32, &dyn Fn()) -> u32 + 'a>,
    contains: Box<dyn Fn(u32) -> bool + 'a>,
    insert: Box<dyn Fn(u32, u32) + 'a>,
    remove: Box<dyn Fn(u32) -> bool + 'a>,
    clear: Box<dyn Fn() + 'a>,
    info: Box<dyn Fn() -> CacheInfo + 'a>,
}

macro_rules! subject {
    ($name:literal, |$n:ident, $then:ident| $call:expr, $cache:expr, $key:expr) => {
        Subject {
            name: $name,
            call: Box::new(move |$n: u32, $then: &dyn Fn()| $call),
            contains: Box::new(move |$n: u32| $cache.contains($key)),
            insert: Box::new(move |$n: u32, value: u32| $cache.insert($key, value)),
            remove: Box::new(move |$n: u32| $cache.remove($key)),
            clear: Box::new(move || $cache.clear()),
            info: Box::new(move || $cache.info()),
        }
    };
}

fn double(n: u32, then: &dyn Fn()) -> u32 {
    then();
    n * 2
}

/// Runs `check` on every store that forgets through a shared reference.
macro_rules! on_every_store {
    ($check:expr) => {{
        #[memoize]
        #[derive(Default)]
        struct Instance {}
        #[memoize]
        impl Instance {
            #[memoize(skip(then), stats)]
            fn map(&self, n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(skip(then), capacity = 8, stats)]
            fn lru(&self, n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(skip(n, then), stats)]
            fn once(&self, n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(scope = "type", skip(then), unbounded, stats)]
            fn type_map(n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(scope = "type", skip(then), capacity = 8, policy = "sieve", stats)]
            fn type_sieved(n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(scope = "type", skip(n, then), stats)]
            fn type_once(n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(scope = "type", skip(then), capacity = 8, unsync, stats)]
            fn type_local(n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
        }
        #[memoize]
        #[derive(Default)]
        struct Local {}
        #[memoize]
        impl Local {
            #[memoize(skip(then), unsync, stats)]
            fn map(&self, n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(skip(then), unsync, capacity = 8, stats)]
            fn lru(&self, n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
            #[memoize(skip(n, then), unsync, stats)]
            fn once(&self, n: u32, then: &dyn Fn()) -> u32 {
                double(n, then)
            }
        }
        let (instance, local) = (&Instance::default(), &Local::default());
        let check: fn(&Subject<'_>) = $check;
        check(&subject!("map", |n, then| instance.map(n, then), instance.map_cache(), (n,)));
        check(&subject!("lru", |n, then| instance.lru(n, then), instance.lru_cache(), (n,)));
        check(&subject!("once", |n, then| instance.once(n, then), instance.once_cache(), {
            _ = n;
        }));
        check(&subject!("unsync map", |n, then| local.map(n, then), local.map_cache(), (n,)));
        check(&subject!("unsync lru", |n, then| local.lru(n, then), local.lru_cache(), (n,)));
        check(&subject!("unsync once", |n, then| local.once(n, then), local.once_cache(), {
            _ = n;
        }));
        check(&subject!(
            "type map",
            |n, then| Instance::type_map(n, then),
            Instance::type_map_cache(),
            (n,)
        ));
        check(&subject!(
            "type sieved",
            |n, then| Instance::type_sieved(n, then),
            Instance::type_sieved_cache(),
            (n,)
        ));
        check(&subject!(
            "type once",
            |n, then| Instance::type_once(n, then),
            Instance::type_once_cache(),
            {
                _ = n;
            }
        ));
        check(&subject!(
            "type unsync lru",
            |n, then| Instance::type_local(n, then),
            Instance::type_local_cache(),
            (n,)
        ));
    }};
}

/// Calls with nothing to do in the body; whether it ran.
fn runs(subject: &Subject<'_>, n: u32) -> bool {
    let ran = AtomicBool::new(false);
    assert_eq!((subject.call)(n, &|| ran.store(true, SeqCst)), n * 2, "{}", subject.name);
    ran.load(SeqCst)
}

#[test]
fn a_result_cleared_while_it_is_computed_is_returned_and_not_stored() {
    on_every_store!(|subject| {
        // From a cold store, from one that was cleared before, and from one with an entry.
        for round in 0..3 {
            let result = (subject.call)(1, &|| (subject.clear)());
            assert_eq!(result, 2, "{}, {round}", subject.name);
            assert!(!(subject.contains)(1), "{}, {round}", subject.name);
            assert_eq!((subject.info)().len, Some(0), "{}, {round}", subject.name);
        }
        assert!(runs(subject, 1) && !runs(subject, 1), "{}: the next result is kept", subject.name);
    });
}

#[test]
fn a_result_removed_while_it_is_computed_is_returned_and_not_stored() {
    on_every_store!(|subject| {
        for round in 0..3 {
            let result = (subject.call)(1, &|| assert!(!(subject.remove)(1)));
            assert_eq!(result, 2, "{}, {round}", subject.name);
            assert!(!(subject.contains)(1), "{}, {round}", subject.name);
        }
        assert!(runs(subject, 1) && !runs(subject, 1), "{}", subject.name);
    });
}

#[test]
fn removing_another_key_keeps_the_result() {
    on_every_store!(|subject| {
        if subject.name.ends_with("once") {
            return; // There is no other key.
        }
        assert!(runs(subject, 2));
        assert_eq!((subject.call)(1, &|| assert!((subject.remove)(2))), 2);
        assert!((subject.contains)(1), "{}", subject.name);
        assert_eq!((subject.call)(3, &|| assert!(!(subject.remove)(2))), 6);
        assert!((subject.contains)(3), "{}", subject.name);
    });
}

#[test]
fn what_was_forgotten_may_be_computed_again_meanwhile() {
    on_every_store!(|subject| {
        let forgettings: [fn(&Subject<'_>); 2] =
            [|subject| (subject.clear)(), |subject| _ = (subject.remove)(1)];
        for forget in forgettings {
            // The call inside began after the forgetting, so it is its result that is kept.
            let result = (subject.call)(1, &|| {
                forget(subject);
                assert_eq!((subject.call)(1, &|| ()), 2);
            });
            assert_eq!(result, 2, "{}", subject.name);
            assert!((subject.contains)(1), "{}", subject.name);
            assert!(!runs(subject, 1), "{}", subject.name);
            (subject.clear)();
        }
        // And what is inserted meanwhile is what later calls return.
        (subject.call)(1, &|| (subject.insert)(1, 77));
        assert_eq!((subject.call)(1, &|| ()), 77, "{}", subject.name);
    });
}

#[test]
fn another_thread_may_forget_what_is_computed() {
    #[memoize(skip(inside, cleared), unbounded)]
    fn map(n: u32, inside: &Barrier, cleared: &Barrier) -> u32 {
        inside.wait();
        cleared.wait();
        n * 2
    }
    #[memoize(skip(inside, cleared), capacity = 4)]
    fn lru(n: u32, inside: &Barrier, cleared: &Barrier) -> u32 {
        inside.wait();
        cleared.wait();
        n * 2
    }
    #[memoize(skip(inside, cleared))]
    fn once(inside: &Barrier, cleared: &Barrier) -> u32 {
        inside.wait();
        cleared.wait();
        2
    }
    type Call = fn(&Barrier, &Barrier) -> u32;
    let calls: [(Call, fn(), fn() -> bool); 5] = [
        (|a, b| map(1, a, b), || map_cache().clear(), || map_cache().is_empty()),
        (|a, b| map(1, a, b), || _ = map_cache().remove((1,)), || map_cache().is_empty()),
        (|a, b| lru(1, a, b), || lru_cache().clear(), || lru_cache().is_empty()),
        (|a, b| lru(1, a, b), || _ = lru_cache().remove((1,)), || lru_cache().is_empty()),
        (|a, b| once(a, b), || once_cache().clear(), || once_cache().is_empty()),
    ];
    for (index, (call, forget, is_empty)) in calls.into_iter().enumerate() {
        let (inside, cleared) = (Barrier::new(2), Barrier::new(2));
        thread::scope(|scope| {
            let result = scope.spawn(|| call(&inside, &cleared));
            inside.wait();
            forget();
            cleared.wait();
            assert_eq!(result.join().unwrap(), 2);
        });
        assert!(is_empty(), "{index}");
    }
}

#[test]
fn clear_zeroes_the_counts() {
    on_every_store!(|subject| {
        for n in 0..20 {
            (subject.call)(n, &|| ());
            (subject.call)(n, &|| ());
        }
        let before = (subject.info)();
        assert_eq!(before.hits.zip(before.misses).map(|(hits, misses)| hits + misses), Some(40));
        assert_eq!(
            before.misses.zip(before.evictions).map(|(misses, evictions)| misses - evictions),
            before.len.map(|len| len as u64),
            "{}: what was computed is there, or was evicted",
            subject.name
        );
        (subject.clear)();
        let after = (subject.info)();
        let counts = (after.hits, after.misses, after.evictions, after.len);
        assert_eq!(counts, (Some(0), Some(0), Some(0), Some(0)), "{}", subject.name);
        assert_eq!(after.capacity, before.capacity);
    });
}

mod bounded {
    use super::*;

    #[memoize]
    #[derive(Default)]
    struct Recent {}
    #[memoize]
    impl Recent {
        #[memoize(capacity = 3, stats)]
        fn lru(&self, n: u32) -> u32 {
            n * 2
        }
        #[memoize(capacity = 3, unsync, stats)]
        fn local(&self, n: u32) -> u32 {
            n * 2
        }
        #[memoize(scope = "type", capacity = 3, stats)]
        fn of_type(n: u32) -> u32 {
            n * 2
        }
        #[memoize(capacity = 1, stats)]
        fn single(&self, n: u32) -> u32 {
            n * 2
        }
    }

    macro_rules! check_order {
        ($call:expr, $cache:expr) => {{
            let (call, cache) = (|n: u32| assert_eq!($call(n), n * 2), $cache);
            let holds = |expected: [u32; 3]| {
                let held: Vec<u32> = (0..20).filter(|n| $cache.contains((*n,))).collect();
                assert_eq!(held, expected);
            };
            (1..=3).for_each(call);
            holds([1, 2, 3]);
            call(1); // a hit refreshes
            call(4);
            holds([1, 3, 4]);
            // Looking does not refresh.
            assert!(cache.contains((3,)));
            assert_eq!(cache.peek((3,)), Some(6));
            call(5);
            holds([1, 4, 5]);
            // To insert is to use, be it new or over an old value.
            cache.insert((1,), 2);
            cache.insert((6,), 12);
            holds([1, 5, 6]);
            cache.insert((1,), 2);
            call(7);
            holds([1, 6, 7]);
            // What is removed leaves room.
            assert!(cache.remove((6,)));
            assert!(!cache.remove((6,)));
            call(8);
            holds([1, 7, 8]);
            call(1);
            call(9);
            holds([1, 8, 9]);
            let info = cache.info().to_string();
            assert_eq!(info, "hits=2 misses=8 evictions=5 len=3 capacity=3");
        }};
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let recent = Recent::default();
        check_order!(|n| recent.lru(n), recent.lru_cache());
        check_order!(|n| recent.local(n), recent.local_cache());
        check_order!(Recent::of_type, Recent::of_type_cache());
    }

    #[test]
    fn a_capacity_of_one_keeps_the_last() {
        let recent = Recent::default();
        for n in [1, 1, 2, 1, 1] {
            recent.single(n);
            assert!(recent.single_cache().contains((n,)));
            assert_eq!(recent.single_cache().len(), 1);
        }
        let info = recent.single_cache().info().to_string();
        assert_eq!(info, "hits=2 misses=3 evictions=2 len=1 capacity=1");
    }

    #[test]
    fn recursion_never_exceeds_the_capacity() {
        #[memoize]
        #[derive(Default)]
        struct Deep {}
        #[memoize]
        impl Deep {
            #[memoize(capacity = 3)]
            fn lru(&self, n: u32) -> u32 {
                let result = if n == 0 { 0 } else { self.lru(n - 1) + 1 };
                assert!(self.lru_cache().len() <= 3);
                result
            }
            #[memoize(capacity = 3, unsync)]
            fn local(&self, n: u32) -> u32 {
                let result = if n == 0 { 0 } else { self.local(n - 1) + 1 };
                assert!(self.local_cache().len() <= 3);
                result
            }
            #[memoize(scope = "type", capacity = 7, policy = "sieve")]
            fn sieved(n: u32) -> u32 {
                let result = if n == 0 { 0 } else { Self::sieved(n - 1) + 1 };
                assert!(Self::sieved_cache().len() <= 7);
                result
            }
        }
        let deep = Deep::default();
        assert_eq!((deep.lru(500), deep.local(500), Deep::sieved(500)), (500, 500, 500));
        assert_eq!((deep.lru_cache().len(), deep.local_cache().len()), (3, 3));
        // The last to be stored are the first that were called.
        assert!((498..=500).all(|n| deep.lru_cache().contains((n,))));
    }

    #[test]
    fn threads_never_exceed_the_capacity() {
        #[memoize(capacity = 5)]
        fn lru(n: u32) -> u32 {
            n * 2
        }
        #[memoize(capacity = 9, policy = "sieve")]
        fn sieved(n: u32) -> u32 {
            n * 2
        }
        thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    for n in 0..2000 {
                        let n = (n * 31 + thread * 7) % 50;
                        assert_eq!((lru(n), sieved(n)), (n * 2, n * 2));
                        assert!(lru_cache().len() <= 5 && sieved_cache().len() <= 9);
                        if n == 13 {
                            lru_cache().insert((n,), n * 2);
                            sieved_cache().remove((n,));
                        }
                    }
                });
            }
        });
        assert_eq!(lru_cache().len(), 5);
    }

    #[test]
    fn counts_are_exact_among_threads() {
        #[memoize(capacity = 5, stats)]
        fn lru(n: u32) -> u32 {
            n
        }
        #[memoize(capacity = 8, policy = "sieve", stats)]
        fn sieved(n: u32) -> u32 {
            n
        }
        #[memoize(unbounded, stats)]
        fn map(n: u32) -> u32 {
            n
        }
        thread::scope(|scope| {
            for thread in 0..4 {
                scope.spawn(move || {
                    for n in 0..1000 {
                        // So many keys that every cache gets more than it holds.
                        let n = (n * 31 + thread) % 400;
                        lru(n);
                        sieved(n);
                        map(n);
                    }
                });
            }
        });
        for info in [lru_cache().info(), sieved_cache().info(), map_cache().info()] {
            assert_eq!(info.hits.zip(info.misses).map(|(hits, misses)| hits + misses), Some(4000));
            assert_eq!(info.len, info.capacity.or(Some(400)));
        }
    }
}
