//! Keys and values whose code does what a test wants.

use std::{
    cell::{Cell, RefCell},
    hash::{Hash, Hasher},
    rc::Rc,
};

/// The code of the user that a store runs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Event {
    Eq,
    Clone,
    Drop,
}

pub(super) type Hook = (Event, Rc<dyn Fn()>);

thread_local! {
    /// What happens once, at the next event of that kind.
    pub(super) static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
    /// How many `Owned` values there are.
    pub(super) static LIVE: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn on(event: Event, run: impl Fn() + 'static) {
    HOOK.set(Some((event, Rc::new(run))));
}

fn fire(event: Event) {
    let hook = HOOK.with_borrow_mut(|hook| hook.take_if(|(wanted, _)| *wanted == event));
    if let Some((_, run)) = hook {
        run();
    }
}

/// A key whose hash says nothing.
#[derive(Clone, Debug)]
pub(super) struct Id(pub(super) u64);
impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        fire(Event::Eq);
        self.0 == other.0
    }
}
impl Eq for Id {}
impl Hash for Id {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u8(0);
    }
}

pub(super) trait Value: Clone + 'static {
    fn new(id: u64) -> Self;
    fn id(&self) -> u64;
}

/// A value that is copied under the lock.
pub(super) struct Plain(pub(super) u64);
impl Clone for Plain {
    fn clone(&self) -> Self {
        fire(Event::Clone);
        Plain(self.0)
    }
}
impl Value for Plain {
    fn new(id: u64) -> Self {
        Plain(id)
    }
    fn id(&self) -> u64 {
        self.0
    }
}

/// A value that is shared under the lock.
pub(super) struct Owned(pub(super) u64);
impl Clone for Owned {
    fn clone(&self) -> Self {
        fire(Event::Clone);
        Owned::new(self.0)
    }
}
impl Drop for Owned {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
        fire(Event::Drop);
    }
}
impl Value for Owned {
    fn new(id: u64) -> Self {
        LIVE.set(LIVE.get() + 1);
        Owned(id)
    }
    fn id(&self) -> u64 {
        self.0
    }
}
