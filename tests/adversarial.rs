//! Programs that tried to get a stale or a wrong value, or not to compile, and once did.
#![allow(clippy::all, clippy::pedantic, dead_code, dropping_copy_types)]

use memo_runtime::memoize;

/// Receivers that give a `&mut Self` in a roundabout way.
mod receivers {
    use super::memoize;
    use std::pin::Pin;

    #[memoize]
    #[derive(Clone)]
    pub struct S {
        x: u32,
    }
    #[memoize]
    impl S {
        pub fn new(x: u32) -> Self {
            Self { x }
        }
        #[memoize]
        pub fn dbl(&self) -> u32 {
            self.x * 2
        }
        pub fn set_box(self: &mut Box<Self>, x: u32) {
            self.x = x;
        }
        pub fn set_pinbox(mut self: Pin<Box<Self>>, x: u32) -> Pin<Box<Self>> {
            self.x = x;
            self
        }
        pub fn set_path(self: &mut crate::receivers::S, x: u32) {
            self.x = x;
        }
    }

    #[test]
    fn empty_the_caches() {
        let mut s = Box::new(S::new(1));
        s.dbl();
        s.set_box(5);
        assert_eq!(s.dbl(), 10);
        let s = Box::pin(S::new(1));
        s.dbl();
        assert_eq!(s.set_pinbox(5).dbl(), 10);
        let mut s = S::new(1);
        s.dbl();
        s.set_path(5);
        assert_eq!(s.dbl(), 10);
    }
}

/// Closures that hold the instance by another name, in another closure, or made by a macro.
mod closures {
    use super::memoize;
    use std::{
        future::Future,
        pin::Pin,
        task::{Context, Waker},
    };

    macro_rules! lazily {
        ($e:expr) => {
            move || $e
        };
    }
    macro_rules! boxed {
        (go $($t:tt)*) => { Box::new(move || { $($t)* }) }
    }

    #[memoize]
    pub struct S {
        x: u32,
    }
    #[memoize]
    impl S {
        pub fn new(x: u32) -> Self {
            Self { x }
        }
        #[memoize]
        pub fn dbl(&self) -> u32 {
            self.x * 2
        }
        pub fn set(&mut self, x: u32) {
            self.x = x;
        }
        pub fn stepper(&mut self) -> impl FnMut() -> u32 + '_ {
            let this = self;
            move || {
                let v = this.dbl();
                this.x += 1;
                v
            }
        }
        pub fn scanner(&mut self) -> impl Iterator<Item = u32> + '_ {
            (0..1).scan(self, |s, _| {
                let v = s.dbl();
                s.x += 1;
                Some(v)
            })
        }
        pub fn helper(s: &mut Self) -> impl FnMut() -> u32 + '_ {
            move || {
                let v = s.dbl();
                s.x += 1;
                v
            }
        }
        pub fn nested<'a>(&'a mut self) -> impl FnOnce() -> Box<dyn FnMut() -> u32 + 'a> {
            move || {
                Box::new(move || {
                    let v = self.dbl();
                    self.x += 1;
                    v
                })
            }
        }
        pub fn handler<'a>(
            &'a mut self,
        ) -> impl FnOnce() -> Pin<Box<dyn Future<Output = u32> + 'a>> {
            move || {
                Box::pin(async move {
                    let v = self.dbl();
                    self.x += 1;
                    v
                })
            }
        }
        pub fn lazy(&mut self) -> impl FnMut() -> u32 + '_ {
            lazily!({
                let v = self.dbl();
                self.x += 1;
                v
            })
        }
        pub fn boxed(&mut self) -> Box<dyn FnMut() -> u32 + '_> {
            boxed!(go let v = self.dbl(); self.x += 1; v)
        }
        pub fn escaped(&mut self) -> String {
            let text = format!("{\u{73}elf}");
            self.x = 5;
            text
        }
    }
    impl std::fmt::Display for S {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{}", self.dbl())
        }
    }

    fn fresh(change: impl FnOnce(&mut S)) {
        let mut s = S::new(1);
        s.dbl();
        change(&mut s);
        assert_eq!(s.dbl(), 2 * s.x);
        s.set(9);
        assert_eq!((s.dbl(), s.dbl()), (18, 18));
    }

    #[test]
    fn are_seen() {
        fresh(|s| drop(s.stepper()()));
        fresh(|s| drop(s.scanner().count()));
        fresh(|s| drop(S::helper(s)()));
        fresh(|s| drop(s.nested()()()));
        fresh(|s| {
            let mut future = s.handler()();
            let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        });
        fresh(|s| drop(s.lazy()()));
        fresh(|s| drop(s.boxed()()));
        fresh(|s| drop(s.escaped()));
    }
}

/// A mutating method in a block with fewer bounds reaches memoized methods through callbacks and traits.
mod weaker_bounds {
    use super::memoize;
    use std::{
        future::Future,
        hash::Hash,
        pin::Pin,
        task::{Context, Poll, Waker},
    };

    #[memoize]
    pub struct S<T> {
        x: u32,
        t: T,
    }
    #[memoize]
    impl<T: Clone + Hash + Eq> S<T> {
        pub fn new(x: u32, t: T) -> Self {
            Self { x, t }
        }
        #[memoize]
        pub fn with(&self, t: T) -> u32 {
            let _ = t;
            self.x * 2
        }
    }
    pub trait Area {
        fn area(&self) -> u32;
    }
    impl<T: Clone + Hash + Eq> Area for S<T> {
        fn area(&self) -> u32 {
            self.with(self.t.clone())
        }
    }
    #[memoize]
    impl<T> S<T> {
        pub fn update(&mut self, f: impl Fn(&Self) -> u32) {
            let v = f(self);
            self.x += v;
        }
        pub fn updater<'a>(&'a mut self, f: impl Fn(&Self) -> u32 + 'a) -> impl FnMut() + 'a {
            move || {
                let v = f(self);
                self.x += v;
            }
        }
    }
    #[memoize]
    impl<T> S<T>
    where
        S<T>: Area,
    {
        pub fn grow(&mut self) {
            let a = self.area();
            self.x += a;
        }
    }
    #[memoize]
    impl<T: Unpin> Future for S<T> {
        type Output = u32;
        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
            let this = self.get_mut();
            this.x += 1;
            Poll::Ready(this.x)
        }
    }

    #[test]
    fn leave_nothing_stale() {
        for warm in [false, true] {
            let new = || {
                let s = S::new(1, 7_u8);
                if warm {
                    s.with(7);
                }
                s
            };
            let mut s = new();
            s.update(|s| s.with(7));
            assert_eq!((s.with(7), s.with(7)), (6, 6));
            let mut s = new();
            s.updater(|s| s.with(7))();
            assert_eq!(s.with(7), 6);
            let mut s = new();
            s.grow();
            assert_eq!(s.with(7), 6);
            let mut s = new();
            let _ = Pin::new(&mut s).poll(&mut Context::from_waker(Waker::noop()));
            assert_eq!(s.with(7), 4);
        }
    }
}

/// Other instances than `self`.
mod other_instances {
    use super::memoize;

    macro_rules! pick {
        ($c:expr => $a:expr ; $b:expr) => {
            if $c { $a } else { $b }
        };
    }

    #[memoize]
    pub struct Node {
        x: u32,
        name: String,
    }
    #[memoize]
    impl Node {
        pub fn new(x: u32) -> Self {
            crate::other_instances::Node { x, name: String::new() }
        }
        #[memoize]
        pub fn total(&self) -> u32 {
            self.x
        }
        pub fn boxed(o: Box<Self>) -> Box<Self> {
            let mut o = o;
            o.x = 5;
            o
        }
        pub fn by_value(o: Self) -> Self {
            let mut o = o;
            o.x = 5;
            o
        }
        pub fn path(o: &mut crate::other_instances::Node) {
            o.x = 5;
        }
        pub fn from_other(o: Self, x: u32) -> Self {
            pick!(true => Self { x, ..o } ; Self { x: 0, ..o })
        }
        pub fn with(self, x: u32) -> Self {
            pick!(true => Node { x, ..self } ; Node { x: 0, ..self })
        }
    }
    fn called() -> Node {
        let node = Node::new(1);
        node.total();
        node
    }

    #[test]
    fn are_emptied_too() {
        assert_eq!(Node::boxed(Box::new(called())).total(), 5);
        assert_eq!(Node::by_value(called()).total(), 5);
        let mut node = called();
        Node::path(&mut node);
        assert_eq!(node.total(), 5);
        assert_eq!(Node::from_other(called(), 5).total(), 5);
        assert_eq!(called().with(5).total(), 5);
    }
}

/// A parameter of the trait that the type mentions but that it does not determine.
mod projections {
    use super::memoize;

    struct Bar<T>(std::marker::PhantomData<T>);
    trait Foo<T> {
        fn f(x: usize) -> &'static str;
    }
    #[memoize]
    impl<T: Iterator + 'static> Foo<T> for Bar<T::Item>
    where
        T::Item: 'static,
    {
        #[memoize(scope = "type", unbounded)]
        fn f(x: usize) -> &'static str {
            let _ = x;
            std::any::type_name::<T>()
        }
    }

    #[test]
    fn separate() {
        let a = <Bar<u8> as Foo<std::vec::IntoIter<u8>>>::f(1);
        let b = <Bar<u8> as Foo<std::option::IntoIter<u8>>>::f(1);
        assert_ne!(a, b);
    }
}

/// Methods that `macro_rules!` makes, with the receiver passed in.
mod receivers_of_macros {
    use super::memoize;

    macro_rules! instance {
        (|$s:ident| $b:expr) => {
            #[memoize]
            impl S {
                #[memoize]
                fn e(&$s, k: u64) -> u64 {
                    let _ = k;
                    $b
                }
            }
        };
    }
    macro_rules! reading {
        (|$s:ident| $b:expr) => {
            #[memoize]
            impl R {
                #[memoize(scope = "type", unbounded, reads(x: u64))]
                fn e(&$s, k: u64) -> u64 {
                    let _ = k;
                    $b
                }
            }
        };
    }
    macro_rules! setter {
        (|$s:ident| $b:expr) => {
            #[memoize]
            impl S {
                fn set(&mut $s) {
                    $b
                }
            }
        };
    }
    #[memoize]
    struct S {
        x: u64,
    }
    struct R {
        x: u64,
    }
    instance!(|self| self.x);
    reading!(|self| self.x);
    setter!(|self| self.x = 2);

    #[test]
    fn work() {
        let mut s = S { x: 1, memo: Default::default() };
        assert_eq!(s.e(1), 1);
        s.set();
        assert_eq!(s.e(1) + R { x: 1 }.e(1), 3);
    }
}

/// Honest signatures that once did not compile.
mod signatures {
    use super::memoize;
    use std::{io, pin::Pin};

    #[memoize(unbounded)]
    fn slice(x: &[&'static str]) -> usize {
        x.len()
    }
    #[memoize(unbounded)]
    fn pair(x: &(u32, &'static str)) -> usize {
        x.1.len()
    }
    #[memoize(unbounded)]
    fn nested(k: u32) -> u32 {
        struct A(u32);
        impl A {
            fn new(k: u32) -> Self {
                Self(k)
            }
        }
        A::new(k).0
    }
    #[memoize(unbounded)]
    fn read(k: u32) -> io::Result<u32> {
        if k == 0 { Err(io::Error::other("zero")) } else { Ok(k) }
    }
    #[memoize(unbounded, returns = "ref")]
    fn read_ref(k: u32) -> io::Result<u32> {
        read(k)
    }

    #[memoize]
    struct P<'a> {
        s: &'a str,
    }
    #[memoize]
    impl<'a> P<'a> {
        fn new(s: &'a str) -> Self {
            Self { s }
        }
        #[memoize]
        fn f(&self, k: &[&'a str]) -> usize {
            self.s.len() + k.len()
        }
        #[memoize]
        fn g(&self, k: &&'a str) -> usize {
            k.len()
        }
    }

    #[memoize]
    #[derive(Clone, PartialEq, Eq, Hash)]
    struct Q {
        x: u32,
        y: u32,
    }
    #[memoize]
    impl Q {
        fn statics() -> &'static Q {
            static A: Q = Q { x: 1, y: 2 };
            &A
        }
        fn array() -> [Q; 2] {
            [const { Self { x: 1, y: 2 } }; 2]
        }
        #[memoize]
        fn dist(&self, Self { x, y }: Self) -> u32 {
            self.x + x + y + self.y
        }
    }

    struct T(u32);
    #[memoize]
    impl T {
        #[memoize(scope = "type", unbounded)]
        fn v(t: u32) -> u32 {
            t
        }
        fn step(self: Pin<&mut Self>) -> u32 {
            let t = self.get_mut();
            t.0 += 1;
            t.0
        }
        fn step_twice(mut self: Pin<&mut Self>) -> u32 {
            self.0 += 1;
            self.as_mut().step()
        }
    }

    #[derive(Clone, Debug, PartialEq)]
    struct ShopReads(u64);
    struct Shop {
        rate: u64,
    }
    #[memoize]
    impl Shop {
        #[memoize(scope = "type", unbounded, reads(rate: u64))]
        fn tax(&self, n: u64) -> ShopReads {
            ShopReads(self.rate * n)
        }
    }

    #[test]
    fn compile() {
        assert_eq!((slice(&["a"]), pair(&(1, "a")), nested(1)), (1, 1, 1));
        assert!(read(0).is_err() && read(0).is_err());
        assert_eq!(read_cache().len(), 0);
        assert_eq!((read(1).unwrap(), *read_ref(2).unwrap()), (1, 2));
        assert_eq!((P::new("a").f(&["a"]), P::new("a").g(&"a")), (2, 1));
        assert_eq!(Q::array()[0].dist(Q::statics().clone()), 6);
        assert_eq!((Pin::new(&mut T(1)).step_twice(), T::v(1)), (3, 1));
        assert_eq!(Shop { rate: 2 }.tax(2), ShopReads(4));
    }
}

/// A method that hands `self` on is cached again afterwards, unless its result could hold it.
mod handed_on {
    use super::memoize;
    use std::{cell::Cell, error::Error};

    #[memoize]
    struct S {
        x: u32,
        #[memoize(untracked)]
        bodies: Cell<u32>,
    }
    fn helper(s: &mut S) -> u32 {
        s.double()
    }
    #[memoize]
    impl S {
        fn new(x: u32) -> Self {
            Self { x, bodies: Cell::new(0) }
        }
        #[memoize]
        fn double(&self) -> u32 {
            self.bodies.set(self.bodies.get() + 1);
            self.x * 2
        }
        fn step(&mut self) -> Result<u32, Box<dyn Error>> {
            let before = helper(self);
            self.x += 1;
            Ok(before)
        }
        fn with(&mut self, x: u32) -> &mut Self {
            self.x = x;
            self
        }
    }

    #[test]
    fn is_cached_again() {
        let mut s = S::new(1);
        assert_eq!(s.step().unwrap(), 2);
        assert_eq!((s.double(), s.double(), s.bodies.get()), (4, 4, 2));
        assert_eq!(s.with(5).double(), 10);
        assert_eq!((s.double(), s.bodies.get()), (10, 3));
    }
}

/// A `Clone` that moves something out of its original: a cached value must not be handed to it twice.
mod taking {
    use super::memoize;
    use std::{cell::Cell, sync::Mutex};

    type Exclusive = &'static mut u32;

    fn exclusive() -> Exclusive {
        Box::leak(Box::new(1))
    }

    pub struct Local(Cell<Option<Exclusive>>);
    impl Clone for Local {
        fn clone(&self) -> Self {
            Local(Cell::new(self.0.take()))
        }
    }
    pub struct Shared(Mutex<Option<Exclusive>>);
    impl Clone for Shared {
        fn clone(&self) -> Self {
            Shared(Mutex::new(self.0.lock().unwrap().take()))
        }
    }

    #[memoize(unsync, capacity = 4)]
    fn local_lru(_n: u32) -> Local {
        Local(Cell::new(Some(exclusive())))
    }
    #[memoize(unsync, unbounded)]
    fn local_map(_n: u32) -> Local {
        Local(Cell::new(Some(exclusive())))
    }
    #[memoize(scope = "type", unsync)]
    fn local_once() -> Local {
        Local(Cell::new(Some(exclusive())))
    }
    #[memoize(capacity = 4)]
    fn lru(_n: u32) -> Shared {
        Shared(Mutex::new(Some(exclusive())))
    }
    #[memoize(capacity = 4, policy = "sieve")]
    fn sieved(_n: u32) -> Shared {
        Shared(Mutex::new(Some(exclusive())))
    }
    #[memoize(unbounded)]
    fn map(_n: u32) -> Shared {
        Shared(Mutex::new(Some(exclusive())))
    }
    #[memoize(scope = "type")]
    fn once() -> Shared {
        Shared(Mutex::new(Some(exclusive())))
    }

    #[test]
    fn what_a_clone_takes_is_taken_once() {
        let of_local = |local: Local| local.0.take();
        let of_shared = |shared: Shared| shared.0.lock().unwrap().take();
        let calls: [(&str, &dyn Fn() -> Option<Exclusive>); 7] = [
            ("local lru", &|| of_local(local_lru(1))),
            ("local map", &|| of_local(local_map(1))),
            ("local once", &|| of_local(local_once())),
            ("lru", &|| of_shared(lru(1))),
            ("sieved", &|| of_shared(sieved(1))),
            ("map", &|| of_shared(map(1))),
            ("once", &|| of_shared(once())),
        ];
        for (name, call) in calls {
            let mut taken: Vec<*mut u32> =
                (0..4).filter_map(|_| call()).map(|it| it as _).collect();
            assert!(!taken.is_empty(), "{name}");
            let all = taken.len();
            taken.sort_unstable();
            taken.dedup();
            assert_eq!(taken.len(), all, "{name}: an exclusive reference was handed out twice");
        }
    }
}

/// Threads that make the first calls of an instance that was mutated before.
mod first_calls {
    use super::memoize;
    use std::{
        sync::{Arc, Barrier},
        thread,
    };

    #[memoize]
    pub struct S {
        x: u64,
    }
    #[memoize]
    impl S {
        pub fn new(x: u64) -> Self {
            Self { x }
        }
        #[memoize]
        pub fn get(&self, n: u64) -> Arc<u64> {
            Arc::new(self.x + n)
        }
        pub fn touch(&mut self) {
            self.step();
        }
        #[inline(never)]
        fn step(&mut self) {
            self.x += 1;
        }
    }

    #[test]
    fn share_their_results_though_the_instance_is_marked() {
        for _ in 0..1000 {
            let mut s = S::new(1);
            s.touch();
            let barrier = Barrier::new(4);
            let results: Vec<_> = thread::scope(|scope| {
                let calls = (0..4).map(|thread| {
                    let (s, barrier) = (&s, &barrier);
                    scope.spawn(move || {
                        barrier.wait();
                        if thread == 3 {
                            s.get_cache().insert((7,), Arc::new(7));
                            return Vec::new();
                        }
                        vec![s.get(0), s.get(0)]
                    })
                });
                let calls: Vec<_> = calls.collect();
                calls.into_iter().flat_map(|call| call.join().unwrap()).collect()
            });
            assert_eq!(results.len(), 6);
            assert!(results.iter().all(|result| Arc::ptr_eq(result, &results[0])));
            assert!(s.get_cache().contains((7,)));
        }
    }
}
