//! What other caches get wrong (the table of the design's section 6): each case is right here, or refused by
//! `tests/ui`, as said beside it.

use std::{
    cell::Cell,
    rc::{Rc, Weak},
    sync::mpsc,
    thread,
    time::Duration,
};

use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Scale {
    factor: u64,
}

#[memoize]
impl Scale {
    fn new(factor: u64) -> Self {
        Self { factor }
    }
    #[memoize]
    fn times(&self, n: u64) -> u64 {
        self.factor * n
    }
    fn set_factor(&mut self, factor: u64) {
        self.factor = factor;
    }
}

/// `cached`, `kash` in method mode: 6, 6.
#[test]
fn instances_have_their_own_answers() {
    assert_eq!((Scale::new(2).times(3), Scale::new(100).times(3)), (6, 300));
}

/// The same on a generic type: 1, 1.
#[test]
fn concrete_types_have_their_own_answers() {
    struct G<T>(std::marker::PhantomData<T>);
    #[memoize]
    impl<T: 'static> G<T> {
        #[memoize(scope = "type")]
        fn size() -> usize {
            size_of::<T>()
        }
    }
    assert_eq!((G::<u8>::size(), G::<u64>::size()), (1, 8));
    let _ = G::<u8>(std::marker::PhantomData).0;
}

/// A memoized `&mut self` bump is refused: `tests/ui/receiver`. The bump itself is seen.
#[test]
fn an_answer_does_not_survive_a_setter() {
    let mut scale = Scale::new(2);
    assert_eq!(scale.times(3), 6);
    scale.set_factor(5);
    assert_eq!(scale.times(3), 15);
}

/// A trait's default method on types A and B: A's, A's. Memoizing the default method is refused (`tests/ui/pairing`); each
/// `impl` has its own.
#[test]
fn implementations_of_a_trait_have_their_own_answers() {
    trait Named {
        fn name(&self) -> String;
    }
    #[memoize]
    struct A {
        n: u8,
    }
    #[memoize]
    struct B {
        n: u8,
    }
    #[memoize]
    impl Named for A {
        #[memoize]
        fn name(&self) -> String {
            format!("A{}", self.n)
        }
    }
    #[memoize]
    impl Named for B {
        #[memoize]
        fn name(&self) -> String {
            format!("B{}", self.n)
        }
    }
    let named: [&dyn Named; 2] =
        [&A { n: 1, memo: Default::default() }, &B { n: 1, memo: Default::default() }];
    assert_eq!(named.map(Named::name), ["A1", "B1"]);
}

/// `type R<T> = Result<T, E>`: `Err` for ever.
#[test]
fn an_error_behind_an_alias_is_not_cached() {
    type R<T> = Result<T, String>;
    thread_local! {
        static READY: Cell<bool> = const { Cell::new(false) };
    }
    #[memoize(unbounded, unsync)]
    fn load(n: u8) -> R<u8> {
        if READY.get() { Ok(n) } else { Err("not ready".into()) }
    }
    assert!(load(1).is_err());
    READY.set(true);
    assert_eq!(load(1), Ok(1));
    READY.set(false);
    assert_eq!(load(1), Ok(1));
}

// A `&mut Vec` argument, whose push is skipped on a hit, is refused: `tests/ui/arguments`.

/// `struct_cache_field`: `times(1)`, `times(2)` give 10, 10.
#[test]
fn arguments_are_part_of_the_key() {
    let scale = Scale::new(10);
    assert_eq!((scale.times(1), scale.times(2)), (10, 20));
}

/// Recursion with `sync_writes` hangs.
#[test]
fn recursion_works() {
    #[memoize(unbounded)]
    fn fib(n: u64) -> u64 {
        if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    }
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(fib(80)));
    assert_eq!(receiver.recv_timeout(Duration::from_secs(60)), Ok(23_416_728_348_467_685));
}

/// Python (`cachetools`, `methodtools`, `wrapt`): a copy that is then changed has the original's answer.
#[test]
fn a_changed_copy_has_its_own_answer() {
    let scale = Scale::new(2);
    assert_eq!(scale.times(3), 6);
    let mut copy = scale.clone();
    copy.set_factor(7);
    assert_eq!((copy.times(3), scale.times(3)), (21, 6));
}

/// Python: alive until the cache is cleared (`functools`), until garbage collection (others).
#[test]
fn an_instance_is_dropped_at_once() {
    #[memoize]
    struct Held {
        token: Rc<()>,
    }
    #[memoize]
    impl Held {
        #[memoize(unsync)]
        fn with(&self, n: u8) -> (Rc<()>, u8) {
            (Rc::clone(&self.token), n)
        }
    }
    let token = Rc::new(());
    let watch: Weak<()> = Rc::downgrade(&token);
    let held = Held { token, memo: Default::default() };
    for n in 0..10 {
        assert_eq!(held.with(n).1, n);
    }
    drop(held);
    assert_eq!(watch.strong_count(), 0);
}
