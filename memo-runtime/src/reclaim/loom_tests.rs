//! All interleavings of readers and forgetting threads, with the fences that stand for `membarrier`.
//!
//! A link leads to one of several objects; to free one is to write to it, and loom reports a write that is not ordered
//! with every read. [`Domain`], [`Slot`], [`Limbo`] and [`collect_in`] are those of the runtime; only the thread-locals are left
//! out.

use loom::{
    cell::UnsafeCell,
    sync::{Arc, Mutex, atomic::AtomicUsize},
    thread,
};

mod leaf;
mod lock;

use super::{Domain, Host, Limbo, Place, Slot, collect_in};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

/// No store is there.
const ELSEWHERE: Place = Place(16);

/// A store; `LEAF` says of which kind its readers are.
struct Model<const LEAF: bool = false> {
    domain: Domain,
    link: AtomicUsize,
    objects: [Arc<UnsafeCell<bool>>; 3],
    limbo: Mutex<Limbo<Object>>,
}

/// One of the objects, which dies when this is dropped.
struct Object(Arc<UnsafeCell<bool>>);

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: what the model is about.
        self.0.with_mut(|alive| unsafe { *alive = false });
    }
}

impl<const LEAF: bool> Host for Model<LEAF> {
    type Garbage = Object;
    const SHARED: bool = true;
    fn is_leaf() -> bool {
        LEAF
    }
    fn limbo<R>(&self, look: impl FnOnce(&mut Limbo<Object>) -> R) -> Option<R> {
        Some(look(&mut self.limbo.lock().unwrap()))
    }
}

impl Model {
    fn new() -> Arc<Self> {
        Self::make()
    }
}

impl<const LEAF: bool> Model<LEAF> {
    fn make() -> Arc<Self> {
        Arc::new(Self {
            domain: Domain::new(),
            link: AtomicUsize::new(0),
            objects: [(); 3].map(|()| Arc::new(UnsafeCell::new(true))),
            limbo: Mutex::new(Limbo::new()),
        })
    }

    fn look(&self) {
        let object = self.link.load(Acquire);
        // SAFETY: what the model is about.
        self.objects[object].with(|alive| assert!(unsafe { *alive }));
    }

    fn enter(&self, slot: &Slot, place: Place) -> bool {
        slot.enter(&self.domain, place, false)
    }

    /// Leaves, and frees what waits for that.
    fn exit(&self, slot: &Slot) {
        if slot.exit(false) {
            slot.wanted.store(false, Relaxed);
            self.collect();
        }
    }

    fn read(&self, slot: &Slot) {
        assert!(self.enter(slot, Place::of(self)));
        self.look();
        self.exit(slot);
    }

    fn forget(&self, next: usize) {
        {
            let mut limbo = self.limbo.lock().unwrap();
            let old = self.link.swap(next, AcqRel);
            limbo.add(Object(Arc::clone(&self.objects[old])));
        }
        self.collect();
    }

    fn collect(&self) {
        collect_in(&self.domain, None, self);
    }

    /// Once all have left, nothing waits: the last one has freed it.
    fn assert_all_freed(&self) {
        assert!(self.limbo.lock().unwrap().is_empty());
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
        model.assert_all_freed();
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
            thread::spawn(move || model.collect())
        };
        model.forget(1);
        other.join().unwrap();
        reader.join().unwrap();
        model.assert_all_freed();
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
                assert!(model.enter(slot, ELSEWHERE));
                model.exit(slot);
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
        model.assert_all_freed();
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
                assert!(model.enter(slot, ELSEWHERE));
                model.exit(slot);
                assert!(model.enter(slot, Place::of(&*model)));
                let object = model.link.load(Acquire);
                assert!(!model.enter(slot, ELSEWHERE) && !slot.covers(ELSEWHERE));
                let inner = model.domain.acquire();
                assert!(model.enter(inner, ELSEWHERE));
                model.exit(inner);
                inner.release();
                // SAFETY: what the model is about.
                model.objects[object].with(|alive| assert!(unsafe { *alive }));
                model.exit(slot);
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
        model.assert_all_freed();
    });
}

#[test]
fn loom_a_thread_that_forgets_what_it_reads_keeps_it() {
    check(|| {
        let model = Model::new();
        let slot = model.domain.acquire();
        assert!(model.enter(slot, Place::of(&*model)));
        let object = model.link.load(Acquire);
        model.forget(1);
        // SAFETY: what the model is about.
        model.objects[object].with(|alive| assert!(unsafe { *alive }));
        model.exit(slot);
        model.assert_all_freed();
    });
}
