//! What does not hold yet of `store = …`. Each of these fails.

#[path = "support/folder.rs"]
mod folder;

use std::{
    process::Command,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use folder::{AFTER, STORE, deploy};
use memo_runtime::{
    AsyncByteStore, BoxError, ByteStore, MemoryStore, Region, clock::advance, memoize,
};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("failing", MemoryStore::new()));

mod deploys {
    use super::*;

    // The version is a hash of the signature, the body, `key`, `reads` and `cache_if`: not of `skip`, by which the same number is another
    // argument. 102 is the answer for another key.
    deploy!(
        skip_names_another_argument,
        {
            #[memoize(store = &STORE, unbounded, name = "f", skip(factor))]
            fn price(factor: u64, net: u64) -> u64 {
                factor * 100 + net
            }
            price(1, 2);
        },
        {
            #[memoize(store = &STORE, unbounded, name = "f", skip(net))]
            fn price(factor: u64, net: u64) -> u64 {
                factor * 100 + net
            }
            assert_eq!(price(2, 0), 200);
        }
    );

    trait Unit {
        const MILLIMETRES: u64;
    }
    struct Length<U>(std::marker::PhantomData<U>);
    #[memoize]
    impl<U: Unit + 'static> Length<U> {
        #[memoize(store = &STORE, unbounded)]
        fn of(n: u64) -> u64 {
            n * U::MILLIMETRES
        }
    }
    // Types of one name in sibling blocks have one path. In one process the second panics; in two, one reads what the other has stored.
    deploy!(
        another_type_of_that_name,
        {
            struct Local;
            impl Unit for Local {
                const MILLIMETRES: u64 = 1000;
            }
            Length::<Local>::of(1);
        },
        {
            struct Local;
            impl Unit for Local {
                const MILLIMETRES: u64 = 10;
            }
            assert_eq!(Length::<Local>::of(1), 10);
        }
    );
}

/// What ends the process, or never ends: each in a process of its own.
mod alone {
    use super::*;

    fn in_its_own_process(test: &str, run: impl FnOnce() + Send + 'static) {
        if std::env::var_os("MEMO_ALONE").is_some() {
            let (done, is_done) = mpsc::channel();
            thread::Builder::new()
                .stack_size(2 << 20)
                .spawn(move || (run(), done.send(())))
                .unwrap();
            is_done.recv_timeout(Duration::from_secs(5)).expect("it hangs, or panics");
            return;
        }
        let test = format!("alone::{test}");
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &test])
            .env("MEMO_ALONE", "")
            .output()
            .unwrap();
        assert!(child.status.success(), "{child:?}");
    }

    static HOOKED: LazyLock<Region<MemoryStore>> = LazyLock::new(|| {
        Region::new("hooked", MemoryStore::new()).max_value_len(20).on_error(|_| {
            text(7);
        })
    });
    #[memoize(store = &HOOKED, unbounded)]
    fn text(len: usize) -> String {
        "x".repeat(100 + len)
    }
    /// Errors of the kind `Encode` shut no gate: the hook's call has one, too, and so on, until the stack is full.
    #[test]
    fn a_hook_that_calls_the_function_ends() {
        in_its_own_process("a_hook_that_calls_the_function_ends", || {
            assert_eq!(text(1).len(), 101);
        });
    }

    fn region() -> &'static Region<MemoryStore> {
        if std::env::var_os("MEMO_ALONE").is_some() {
            itself(1);
        }
        &REGION
    }
    #[memoize(store = region(), unbounded)]
    fn itself(n: u8) -> u8 {
        n
    }
    /// It waits for itself, without a word.
    #[test]
    fn a_region_that_asks_for_the_function_does_not_hang() {
        in_its_own_process("a_region_that_asks_for_the_function_does_not_hang", || {
            let _ = std::panic::catch_unwind(|| itself(1));
        });
    }
}
