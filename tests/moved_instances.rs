//! Instances that are swapped, sorted, replaced, cloned or sent have their own results, and drop all of them; types that look alike share none.

// The spelling is what is tested.
#![allow(
    unused,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]
use memo_runtime::memoize;
use std::cell::Cell;
use std::mem;
use std::rc::Rc;
use std::sync::Arc;
thread_local!(static LIVE: Cell<i64> = Cell::new(0));
#[derive(Debug)]
struct D(u64);
impl D {
    fn new(n: u64) -> D {
        LIVE.with(|l| l.set(l.get() + 1));
        D(n)
    }
}
impl Clone for D {
    fn clone(&self) -> D {
        D::new(self.0)
    }
}
impl Drop for D {
    fn drop(&mut self) {
        LIVE.with(|l| l.set(l.get() - 1));
    }
}
impl PartialEq for D {
    fn eq(&self, o: &D) -> bool {
        self.0 == o.0
    }
}
impl Eq for D {}
impl std::hash::Hash for D {
    fn hash<H: std::hash::Hasher>(&self, h: &mut H) {
        self.0.hash(h)
    }
}
#[memoize]
#[derive(Clone)]
struct S {
    a: u64,
}
#[memoize]
impl S {
    #[memoize(unsync)]
    fn m0(&self, k: D) -> D {
        D::new(k.0 + self.a)
    }
    #[memoize(capacity = 2)]
    fn m1(&self, k: &D) -> D {
        D::new(k.0 + self.a)
    }
    #[memoize(capacity = 2, policy = "sieve")]
    fn m2(&self, k: (D, u8)) -> D {
        D::new(k.0.0 + self.a)
    }
    #[memoize(ttl = "1h", single_flight)]
    fn m3(&self, k: Option<&D>) -> Result<D, ()> {
        Ok(D::new(k.unwrap().0 + self.a))
    }
    #[memoize(returns = "ref")]
    fn m4(&self, k: D) -> D {
        D::new(k.0 + self.a)
    }
    #[memoize(key(k: D = D::new(k.0 / 2)))]
    fn m5(&self, k: &D) -> D {
        D::new(k.0 / 2 + self.a)
    }
    #[memoize(cache_if = |d| d.0 % 2 == 0)]
    fn m6(&self, k: [D; 2]) -> D {
        D::new(k[0].0 + self.a)
    }
    #[memoize(stats, capacity = 1, ttl = |d: &D| std::time::Duration::from_secs(d.0))]
    fn m7(&self, k: Vec<D>) -> D {
        D::new(k[0].0 + self.a)
    }
    #[memoize]
    fn m8(&self) -> D {
        D::new(self.a)
    }
    #[memoize(returns = "ref")]
    fn m9(&self) -> D {
        D::new(self.a)
    }
    fn all(&self) -> Vec<u64> {
        let mut v = vec![];
        for i in 0..5 {
            v.extend([
                self.m0(D::new(i)).0,
                self.m1(&D::new(i)).0,
                self.m2((D::new(i), 1)).0,
                self.m3(Some(&D::new(i))).unwrap().0,
                self.m4(D::new(i)).0,
                self.m5(&D::new(i)).0,
                self.m6([D::new(i), D::new(1)]).0,
                self.m7(vec![D::new(i)]).0,
                self.m8().0,
                self.m9().0,
            ])
        }
        v
    }
    fn set(&mut self, a: u64) {
        self.all();
        self.a = a;
        self.all();
    }
    fn swap(&mut self, o: &mut Self) {
        self.all();
        mem::swap(self, o);
        self.all();
        o.all();
        mem::swap(&mut self.a, &mut o.a);
    }
    fn panics(&mut self) {
        self.all();
        self.a += 1;
        self.all();
        panic!()
    }
}
fn right(a: u64) -> Vec<u64> {
    let mut v = vec![];
    for i in 0..5u64 {
        v.extend([i + a, i + a, i + a, i + a, i + a, i / 2 + a, i + a, i + a, a, a])
    }
    v
}
fn s(a: u64) -> S {
    S { a, memo: Default::default() }
}
macro_rules! ok {
    ($s:expr) => {{
        let s = &$s;
        assert_eq!(s.all(), right(s.a));
        assert_eq!(s.all(), right(s.a));
    }};
}
fn live() -> i64 {
    LIVE.with(Cell::get)
}
// const-generic, lifetimes and closures
struct G<const N: u64, const B: bool>;
struct L<T: ?Sized>(std::marker::PhantomData<T>);
#[memoize]
impl<const N: u64, const B: bool> G<N, B> {
    #[memoize(unbounded)]
    fn f(x: u64) -> u64 {
        x + N + B as u64 * 1000
    }
}
trait Name {
    fn n(x: u64) -> String;
}
#[memoize]
impl<T: ?Sized + 'static> Name for T {
    #[memoize(scope = "type", unbounded)]
    fn n(x: u64) -> String {
        format!("{} {x}", std::any::type_name::<T>())
    }
}
fn of<F: 'static>(_: F) -> String {
    F::n(1)
}
#[test]
fn instances_that_move_keep_what_is_theirs() {
    {
        let a = s(1);
        ok!(a);
        let b = a.clone();
        ok!(b);
        let c = mem::ManuallyDrop::new(s(2));
        ok!(*c);
        drop(mem::ManuallyDrop::into_inner(c));
    }
    assert_eq!(live(), 0, "clone");
    {
        let (mut a, mut b) = (s(1), s(2));
        ok!(a);
        ok!(b);
        mem::swap(&mut a, &mut b);
        ok!(a);
        ok!(b);
        a.swap(&mut b);
        ok!(a);
        ok!(b);
        let c = mem::replace(&mut a, s(9));
        ok!(a);
        ok!(c);
    }
    assert_eq!(live(), 0, "swap");
    {
        let mut v: Vec<S> = (0..6).rev().map(s).collect();
        for x in &v {
            ok!(*x)
        }
        v.sort_by_key(|x| x.a);
        for x in &mut v {
            ok!(*x);
            x.set(x.a * 3 % 7);
            ok!(*x)
        }
        v.reverse();
        v.swap(0, 3);
        v.remove(1);
        v.rotate_left(2);
        v.dedup_by_key(|x| x.a);
        for x in &v {
            ok!(*x)
        }
    }
    assert_eq!(live(), 0, "vec");
    {
        let mut a = s(1);
        ok!(a);
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| a.panics()));
        ok!(a);
        a.set(5);
        ok!(a);
        memo_runtime::clear_instance(&mut a);
        assert_eq!(live(), 0, "clear_instance");
        ok!(a);
    }
    assert_eq!(live(), 0, "panic");
    {
        struct Node {
            s: S,
            me: std::cell::RefCell<Option<Rc<Node>>>,
        }
        let n = Rc::new(Node { s: s(3), me: Default::default() });
        *n.me.borrow_mut() = Some(n.clone());
        ok!(n.s);
        n.me.take();
    }
    assert_eq!(live(), 0, "cycle");
    {
        let a = s(4);
        ok!(a);
        let l = live();
        let (a2, l2) = std::thread::spawn(move || {
            ok!(a);
            (a, live())
        })
        .join()
        .unwrap();
        ok!(a2);
        assert!(l > 0);
        LIVE.with(|x| x.set(x.get() + l2));
    }
    assert_eq!(live(), 0, "threads");
    {
        let a = s(6);
        ok!(a);
        a.m1_cache().clear();
        a.m1_cache().insert((&D::new(1),), D::new(7));
        a.m1_cache().remove((&D::new(1),));
        a.m0_cache().clear();
        ok!(a);
    }
    assert_eq!(live(), 0, "accessor");
    assert_eq!(
        (G::<1, true>::f(1), G::<1, false>::f(1), G::<2, true>::f(1), G::<1, true>::f(1)),
        (1002, 2, 1003, 1002)
    );
    let names = [
        <str as Name>::n(1),
        <[u8]>::n(1),
        <dyn Fn()>::n(1),
        <dyn Fn() + Send>::n(1),
        <fn(u8)>::n(1),
        <for<'a> fn(&'a u8)>::n(1),
        <fn(&'static u8)>::n(1),
        <[u8; 1]>::n(1),
        <[u8; 2]>::n(1),
        of(|| 1),
        of(|| 1),
        of(right),
        of(live as fn() -> i64),
        of(live),
    ];
    let set: std::collections::HashSet<_> = names.iter().collect();
    // The two closures have one name, and types of their own.
    assert_eq!(set.len(), names.len() - 1, "{names:?}");
}
