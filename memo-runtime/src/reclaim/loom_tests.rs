//! All interleavings of readers and forgetting threads, with the fences that stand for `membarrier`.
//!
//! A link leads to one of several objects; to free one is to write to it, and loom reports a write that is not ordered
//! with every read. The protocol is that of [`Domain`], [`Slot`] and [`Limbo`]; only the thread-locals are left out.

use loom::{
    cell::UnsafeCell,
    sync::{Arc, Mutex, atomic::AtomicUsize},
    thread,
};

mod map;

use super::{Domain, Limbo, Place, Slot};
use std::sync::atomic::Ordering::{AcqRel, Acquire};

const HERE: Place = Place(8);
const ELSEWHERE: Place = Place(16);

struct Model {
    domain: Domain,
    link: AtomicUsize,
    objects: [UnsafeCell<bool>; 3],
    limbo: Mutex<Limbo<usize>>,
}

impl Model {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            domain: Domain::new(),
            link: AtomicUsize::new(0),
            objects: [(); 3].map(|()| UnsafeCell::new(true)),
            limbo: Mutex::new(Limbo::new()),
        })
    }

    fn look(&self) {
        let object = self.link.load(Acquire);
        // SAFETY: what the model is about.
        self.objects[object].with(|alive| assert!(unsafe { *alive }));
    }

    fn read(&self, slot: &Slot) {
        assert!(slot.enter(&self.domain, HERE, false));
        self.look();
        slot.exit();
    }

    fn forget(&self, next: usize) {
        let mut limbo = self.limbo.lock().unwrap();
        let old = self.link.swap(next, AcqRel);
        let tag = self.domain.advance();
        limbo.add(tag, old);
        self.collect(&mut limbo);
    }

    fn collect(&self, limbo: &mut Limbo<usize>) {
        for object in limbo.take_below(self.domain.horizon(HERE)) {
            // SAFETY: what the model is about.
            self.objects[object].with_mut(|alive| unsafe { *alive = false });
        }
    }
}

/// Three preemptions find what there is to find, and keep the models small.
fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}

#[test]
fn loom_a_reader_holds_what_it_found() {
    check(|| {
        let model = Model::new();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read(slot);
                slot.release();
            })
        };
        model.forget(1);
        reader.join().unwrap();
        model.collect(&mut model.limbo.lock().unwrap());
        assert!(model.limbo.lock().unwrap().is_empty());
    });
}

#[test]
fn loom_what_waits_is_freed_later_without_a_barrier() {
    check(|| {
        let model = Model::new();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read(slot);
                model.read(slot);
                slot.release();
            })
        };
        let other = {
            let model = Arc::clone(&model);
            thread::spawn(move || model.collect(&mut model.limbo.lock().unwrap()))
        };
        model.forget(1);
        other.join().unwrap();
        reader.join().unwrap();
    });
}

#[test]
fn loom_a_pin_elsewhere_shows_that_an_earlier_one_has_ended() {
    check(|| {
        let model = Model::new();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read(slot);
                assert!(slot.enter(&model.domain, ELSEWHERE, false));
                slot.exit();
                slot.release();
            })
        };
        model.forget(1);
        reader.join().unwrap();
    });
}

#[test]
fn loom_two_threads_may_forget() {
    check(|| {
        let model = Model::new();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read(slot);
                slot.release();
            })
        };
        let other = {
            let model = Arc::clone(&model);
            thread::spawn(move || model.forget(1))
        };
        other.join().unwrap();
        model.forget(2);
        reader.join().unwrap();
    });
}

#[test]
fn loom_an_inner_pin_of_another_store_does_not_let_go() {
    check(|| {
        let model = Model::new();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                assert!(slot.enter(&model.domain, ELSEWHERE, false));
                slot.exit();
                assert!(slot.enter(&model.domain, HERE, false));
                let object = model.link.load(Acquire);
                assert!(!slot.enter(&model.domain, ELSEWHERE, false) && !slot.covers(ELSEWHERE));
                let inner = model.domain.acquire();
                assert!(inner.enter(&model.domain, ELSEWHERE, false));
                inner.exit();
                inner.release();
                // SAFETY: what the model is about.
                model.objects[object].with(|alive| assert!(unsafe { *alive }));
                slot.exit();
                slot.release();
            })
        };
        model.forget(1);
        reader.join().unwrap();
    });
}

#[test]
fn loom_a_slot_may_change_hands() {
    check(|| {
        let model = Model::new();
        let readers = [(); 2].map(|()| {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read(slot);
                slot.release();
            })
        });
        model.forget(1);
        for reader in readers {
            reader.join().unwrap();
        }
    });
}

#[test]
fn loom_a_thread_that_forgets_what_it_reads_keeps_it() {
    check(|| {
        let model = Model::new();
        let slot = model.domain.acquire();
        assert!(slot.enter(&model.domain, HERE, false));
        let object = model.link.load(Acquire);
        model.forget(1);
        // SAFETY: what the model is about.
        model.objects[object].with(|alive| assert!(unsafe { *alive }));
        slot.exit();
        model.collect(&mut model.limbo.lock().unwrap());
        assert!(model.limbo.lock().unwrap().is_empty());
    });
}
