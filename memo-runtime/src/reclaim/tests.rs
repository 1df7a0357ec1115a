use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread as threads,
};

use super::{pin::Pin, *};
use std::sync::Mutex;

/// Something that is pinned, and forgets.
#[derive(Default)]
struct Host(Mutex<Limbo<Arc<()>>>);

impl super::Host for Host {
    type Garbage = Arc<()>;
    const SHARED: bool = true;
    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Arc<()>>) -> R) -> Option<R> {
        Some(look(&mut self.0.lock().unwrap()))
    }
}

impl Host {
    /// Forgets a new value, as if it had just been unlinked; it is alone once it is freed.
    fn forget(&self) -> Arc<()> {
        let value = Arc::new(());
        self.0.lock().unwrap().add(Arc::clone(&value));
        collect(self);
        value
    }
}

/// How many of what is forgotten now can be freed at once.
fn forgotten(store: &Host) -> usize {
    usize::from(Arc::strong_count(&store.forget()) == 1)
}

#[test]
fn a_pin_holds_its_own_store_only() {
    let (here, elsewhere) = (Host::default(), Host::default());
    assert_eq!(forgotten(&here), 1);
    pinned(&here, || {
        assert_eq!(forgotten(&here), 0);
        assert_eq!(forgotten(&elsewhere), 1);
        pinned(&here, || assert_eq!(forgotten(&here), 0));
        pinned(&elsewhere, || {
            assert_eq!(forgotten(&here), 0);
            assert_eq!(forgotten(&elsewhere), 0);
            pinned(&here, || assert_eq!(forgotten(&here), 0));
        });
        assert_eq!(forgotten(&here), 0);
        assert_eq!(forgotten(&elsewhere), 1);
    });
    assert_eq!(forgotten(&here), 1);
}

#[test]
fn who_leaves_last_frees_what_waits() {
    let store = Host::default();
    let (outer, inner) = pinned(&store, || {
        let outer = store.forget();
        let inner = pinned(&Host::default(), || pinned(&store, || store.forget()));
        assert_eq!((Arc::strong_count(&outer), Arc::strong_count(&inner)), (2, 2));
        (outer, inner)
    });
    assert_eq!((Arc::strong_count(&outer), Arc::strong_count(&inner)), (1, 1));
}

#[test]
fn a_panic_ends_the_pin() {
    let store = Host::default();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        pinned(&store, || pinned(&Host::default(), || panic!("while pinned")));
    }));
    assert!(panicked.is_err());
    assert_eq!(forgotten(&store), 1);
}

#[test]
fn pins_work_while_the_thread_ends() {
    struct Last(Arc<AtomicBool>);
    impl Drop for Last {
        fn drop(&mut self) {
            let store = Host::default();
            pinned(&store, || {
                assert_eq!(forgotten(&store), 0);
                pinned(&Host::default(), || assert_eq!(forgotten(&store), 0));
                assert_eq!(forgotten(&store), 0);
            });
            assert_eq!(forgotten(&store), 1);
            self.0.store(true, SeqCst);
        }
    }
    thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });
    let done = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&done);
    threads::spawn(move || {
        // Registered before the slot's owner, so it is dropped after it.
        LAST.with(|last| *last.borrow_mut() = Some(Last(seen)));
        pinned(&Host::default(), || ());
    })
    .join()
    .unwrap();
    assert!(done.load(SeqCst));
}

/// A store whose readers copy plain data.
#[derive(Default)]
struct Leaf(Host);

impl super::Host for Leaf {
    type Garbage = Arc<()>;
    const SHARED: bool = true;
    fn is_leaf() -> bool {
        true
    }
    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Arc<()>>) -> R) -> Option<R> {
        self.0.limbo(look)
    }
}

#[test]
fn who_forgets_waits_for_the_leaves_of_other_threads() {
    let store = Leaf::default();
    let (is_pinned, is_left) = (AtomicBool::new(false), AtomicBool::new(false));
    threads::scope(|scope| {
        scope.spawn(|| {
            let pin = pin(&store);
            is_pinned.store(true, SeqCst);
            threads::yield_now();
            is_left.store(true, SeqCst);
            drop(pin);
        });
        while !is_pinned.load(SeqCst) {
            threads::yield_now();
        }
        let value = Arc::new(());
        store.0.0.lock().unwrap().add(Arc::clone(&value));
        // It gives up when the machine runs the other thread too late.
        while Arc::strong_count(&value) > 1 {
            collect(&store);
        }
        assert!(is_left.load(SeqCst));
    });
}

#[test]
fn a_leaf_within_a_pin_leaves_that_alone() {
    let (store, leaf) = (Host::default(), Leaf::default());
    pinned(&store, || {
        assert!(matches!(pin(&leaf), Pin::Own(_)));
        assert_eq!(forgotten(&store), 0);
    });
    assert_eq!(forgotten(&store), 1);
}

#[test]
fn slots_are_used_again() {
    // Far more than all other tests could take at once, on however many cores.
    const THREADS: usize = 2000;
    for _ in 0..THREADS {
        threads::spawn(|| pinned(&Host::default(), || ())).join().unwrap();
    }
    let slots = thread::domain().slots().count();
    assert!(slots < THREADS, "{slots} slots, though only other tests hold one beside ours");
}
