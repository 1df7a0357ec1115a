use memo_runtime::memoize;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

#[memoize]
struct Inner {
    #[memoize(untracked)]
    calls: Cell<u64>,
    #[memoize(unchecked)]
    side: Box<dyn Fn() -> u64>,
}

#[memoize]
impl Inner {
    #[memoize]
    fn shared(&self) -> Rc<RefCell<u64>> {
        Rc::new(RefCell::new((self.side)()))
    }

    #[memoize(unsync)]
    fn unsync(&self, n: u64) -> u64 {
        n
    }
}

#[memoize]
struct Generic<K> {
    #[memoize(untracked)]
    calls: Cell<u64>,
    key: K,
}

#[memoize]
impl<K: Clone> Generic<K> {
    #[memoize]
    fn key(&self) -> K {
        self.key.clone()
    }
}

struct Name(String);

#[memoize]
struct Shape {
    one: Inner,
    many: Vec<Option<Rc<Inner>>>,
    named: HashMap<String, (Box<Inner>, Box<Inner>)>,
    generic: Generic<Name>,
    generics: [Generic<u64>; 2],
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
