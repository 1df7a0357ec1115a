//! Readers that only copy plain data.

use super::*;

impl Model<true> {
    fn new_leaf() -> Arc<Self> {
        Self::make()
    }

    fn read_leaf(&self, slot: &'static Slot) {
        slot.enter_leaf(Place::of(self), false);
        self.look();
        slot.exit_leaf();
    }

    fn is_all_freed(&self) -> bool {
        self.limbo.lock().unwrap().is_empty()
    }
}

#[test]
fn loom_who_forgets_waits_for_a_leaf() {
    check(|| {
        let model = Model::new_leaf();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read_leaf(slot);
                slot.enter_leaf(ELSEWHERE, false);
                slot.exit_leaf();
                slot.release();
            })
        };
        model.forget(1);
        assert!(model.is_all_freed());
        reader.join().unwrap();
    });
}

#[test]
fn loom_a_leaf_of_a_slot_that_changes_hands() {
    check(|| {
        let model = Model::new_leaf();
        let readers = [(); 2].map(|()| {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read_leaf(slot);
                slot.release();
            })
        });
        model.forget(1);
        for reader in readers {
            reader.join().unwrap();
        }
        assert!(model.is_all_freed());
    });
}

#[test]
fn loom_two_threads_may_forget_what_a_leaf_reads() {
    check(|| {
        let model = Model::new_leaf();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                model.read_leaf(slot);
                slot.release();
            })
        };
        let other = {
            let model = Arc::clone(&model);
            thread::spawn(move || model.forget(1))
        };
        other.join().unwrap();
        model.forget(2);
        assert!(model.is_all_freed());
        reader.join().unwrap();
    });
}

#[test]
fn loom_a_leaf_within_a_pin_lets_go_of_itself_only() {
    check(|| {
        let model = Model::new();
        let reader = {
            let model = Arc::clone(&model);
            thread::spawn(move || {
                let slot = model.domain.acquire();
                assert!(model.enter(slot, Place::of(&*model)));
                slot.enter_leaf(ELSEWHERE, false);
                slot.exit_leaf();
                model.look();
                model.exit(slot);
                slot.release();
            })
        };
        model.forget(1);
        reader.join().unwrap();
        model.assert_all_freed();
    });
}
