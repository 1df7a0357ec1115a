use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread as threads,
};

use super::*;

/// Adds a new value to a limbo list as if it had just been unlinked; how many can be freed.
fn forgotten<T>(store: &T) -> usize {
    let mut limbo = Limbo::new();
    limbo.add(advance(), ());
    limbo.take_ready(Place::of(store)).len()
}

#[test]
fn a_pin_holds_its_own_store_only() {
    let (here, elsewhere) = (Box::new(1), Box::new(2));
    assert_eq!(forgotten(&*here), 1);
    pinned(&*here, || {
        assert_eq!(forgotten(&*here), 0);
        assert_eq!(forgotten(&*elsewhere), 1);
        pinned(&*here, || assert_eq!(forgotten(&*here), 0));
        pinned(&*elsewhere, || {
            assert_eq!(forgotten(&*here), 0);
            assert_eq!(forgotten(&*elsewhere), 0);
            pinned(&*here, || assert_eq!(forgotten(&*here), 0));
        });
        assert_eq!(forgotten(&*here), 0);
        assert_eq!(forgotten(&*elsewhere), 1);
    });
    assert_eq!(forgotten(&*here), 1);
}

#[test]
fn a_panic_ends_the_pin() {
    let store = Box::new(1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        pinned(&*store, || pinned(&1_u8, || panic!("while pinned")));
    }));
    assert!(panicked.is_err());
    assert_eq!(forgotten(&*store), 1);
}

#[test]
fn pins_work_while_the_thread_ends() {
    struct Last(Arc<AtomicBool>);
    impl Drop for Last {
        fn drop(&mut self) {
            let store = Box::new(1);
            pinned(&*store, || {
                assert_eq!(forgotten(&*store), 0);
                pinned(&1_u8, || assert_eq!(forgotten(&*store), 0));
                assert_eq!(forgotten(&*store), 0);
            });
            assert_eq!(forgotten(&*store), 1);
            self.0.store(true, SeqCst);
        }
    }
    thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });
    let done = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&done);
    threads::spawn(move || {
        // Registered before the slot's owner, so it is dropped after it.
        LAST.with(|last| *last.borrow_mut() = Some(Last(seen)));
        pinned(&1_u8, || ());
    })
    .join()
    .unwrap();
    assert!(done.load(SeqCst));
}

#[test]
fn slots_are_used_again() {
    // Far more than all other tests could take at once, on however many cores.
    const THREADS: usize = 2000;
    for _ in 0..THREADS {
        threads::spawn(|| pinned(&1_u8, || ())).join().unwrap();
    }
    let slots = thread::DOMAIN.slots().count();
    assert!(slots < THREADS, "{slots} slots, though only other tests hold one beside ours");
}
