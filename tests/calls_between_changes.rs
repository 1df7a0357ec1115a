//! Memoized calls between two changes are forgotten by the second, in whatever form they and the changes are written.

// The spelling is what is tested.
#![allow(
    unused,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]

use memo_runtime::memoize;
use std::borrow::*;
use std::fmt;
use std::hash::*;
use std::ops::*;
use std::pin::Pin;

trait Show {
    fn show(&self) -> i64;
    fn defaulted(&self) -> i64 {
        self.show()
    }
}
#[memoize]
struct S {
    a: i64,
    b: i64,
    hook: fn(&S) -> i64,
    k: K,
}
/// calls back nothing; a harmless field type whose operators take `&S`
#[derive(Clone, Copy)]
struct K;
impl PartialEq<S> for K {
    fn eq(&self, s: &S) -> bool {
        s.ga() > 0
    }
}
impl PartialOrd<S> for K {
    fn partial_cmp(&self, s: &S) -> Option<std::cmp::Ordering> {
        s.ga();
        None
    }
}
impl Add<&S> for K {
    type Output = i64;
    fn add(self, s: &S) -> i64 {
        s.ga()
    }
}
impl AddAssign<&S> for i64 {
    fn add_assign(&mut self, s: &S) {
        *self += s.ga()
    }
}
impl fmt::Display for S {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.ga())
    }
}
impl fmt::Debug for S {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.ga())
    }
}
impl PartialEq for S {
    fn eq(&self, o: &S) -> bool {
        self.ga() == o.a
    }
}
impl PartialEq<i64> for S {
    fn eq(&self, o: &i64) -> bool {
        self.ga() == *o
    }
}
impl PartialOrd for S {
    fn partial_cmp(&self, o: &S) -> Option<std::cmp::Ordering> {
        self.ga().partial_cmp(&o.a)
    }
}
impl Clone for S {
    fn clone(&self) -> S {
        self.ga();
        S::make(self.a)
    }
}
impl Deref for S {
    type Target = K;
    fn deref(&self) -> &K {
        self.ga();
        &self.k
    }
}
impl Index<usize> for S {
    type Output = i64;
    fn index(&self, _: usize) -> &i64 {
        self.ga();
        &self.b
    }
}
impl Neg for &S {
    type Output = i64;
    fn neg(self) -> i64 {
        self.ga()
    }
}
impl Not for &S {
    type Output = i64;
    fn not(self) -> i64 {
        self.ga()
    }
}
impl Add<i64> for &S {
    type Output = i64;
    fn add(self, o: i64) -> i64 {
        self.ga()
    }
}
impl Add<&S> for i64 {
    type Output = i64;
    fn add(self, o: &S) -> i64 {
        o.ga()
    }
}
impl Add<&mut S> for i64 {
    type Output = i64;
    fn add(self, o: &mut S) -> i64 {
        o.ga()
    }
}
impl PartialEq<&mut S> for i64 {
    fn eq(&self, o: &&mut S) -> bool {
        o.ga() > 0
    }
}
impl IntoIterator for &S {
    type Item = i64;
    type IntoIter = std::vec::IntoIter<i64>;
    fn into_iter(self) -> std::vec::IntoIter<i64> {
        vec![self.ga()].into_iter()
    }
}
impl Hash for S {
    fn hash<H: Hasher>(&self, h: &mut H) {
        self.ga().hash(h)
    }
}
impl AsRef<i64> for S {
    fn as_ref(&self) -> &i64 {
        self.ga();
        &self.b
    }
}
impl From<&S> for i64 {
    fn from(s: &S) -> i64 {
        s.ga()
    }
}
impl IntoFuture for &S {
    type Output = i64;
    type IntoFuture = std::future::Ready<i64>;
    fn into_future(self) -> std::future::Ready<i64> {
        std::future::ready(self.ga())
    }
}
impl Show for S {
    fn show(&self) -> i64 {
        self.ga()
    }
}
impl S {
    fn outside(&self) -> i64 {
        self.ga()
    }
    fn outside_fn(s: &S) -> i64 {
        s.ga()
    }
}
impl K {
    fn k(self) -> i64 {
        1
    }
}
fn free(s: &S) -> i64 {
    s.ga()
}
macro_rules! call {
    ($s:expr) => {
        $s.ga()
    };
}
macro_rules! change {
    ($s:ident) => {
        $s.a += 1
    };
}
#[memoize]
impl S {
    fn make(a: i64) -> S {
        S { a, b: 0, hook: |s| s.ga(), k: K }
    }
    #[memoize]
    fn ga(&self) -> i64 {
        self.a
    }
    #[memoize]
    fn gg(&self) -> i64 {
        self.ga()
    }
    fn plain(&self) -> i64 {
        self.gg()
    }
    fn a01(&mut self) {
        self.a += 1;
        let _ = format!("{self}");
        self.a += 1;
    }
    fn a02(&mut self) {
        self.a += 1;
        let _ = format!("{}", self);
        self.a += 1;
    }
    fn a03(&mut self) {
        self.a += 1;
        let _ = format!("{self:?}");
        self.a += 1;
    }
    fn a04(&mut self) {
        self.a += 1;
        let _ = *self == 3;
        self.a += 1;
    }
    fn a05(&mut self, o: &S) {
        self.a += 1;
        let _ = self < &mut S::make(1);
        self.a += 1;
    }
    fn a06(&mut self) {
        self.a += 1;
        let _ = self.clone();
        self.a += 1;
    }
    fn a07(&mut self) {
        self.a += 1;
        let _ = **self;
        self.a += 1;
    }
    fn a08(&mut self) {
        self.a += 1;
        let _ = self.k();
        self.a += 1;
    }
    fn a09(&mut self) {
        self.a += 1;
        let _ = self[0];
        self.a += 1;
    }
    fn a10(&mut self) {
        self.a += 1;
        let _ = -&*self;
        self.a += 1;
    }
    fn a11(&mut self) {
        self.a += 1;
        let _ = !&*self;
        self.a += 1;
    }
    fn a12(&mut self) {
        self.a += 1;
        let _ = &*self + 1;
        self.a += 1;
    }
    fn a13(&mut self) {
        self.a += 1;
        let _ = 1 + &*self;
        self.a += 1;
    }
    fn a14(&mut self) {
        self.a += 1;
        let _ = 1i64 + &mut *self;
        self.a += 1;
    }
    fn a15(&mut self) {
        self.a += 1;
        for _ in &*self {}
        self.a += 1;
    }
    fn a16(&mut self) {
        self.a += 1;
        let _ = self.hash(&mut DefaultHasher::new());
        self.a += 1;
    }
    fn a17(&mut self) {
        self.a += 1;
        let _: &i64 = self.as_ref();
        self.a += 1;
    }
    fn a18(&mut self) {
        self.a += 1;
        let _: i64 = (&*self).into();
        self.a += 1;
    }
    fn a19(&mut self) {
        self.a += 1;
        let _ = i64::from(&*self);
        self.a += 1;
    }
    fn a20(&mut self) {
        self.a += 1;
        block(async {
            (&*self).await;
        });
        self.a += 1;
    }
    fn a21(&mut self) {
        self.a += 1;
        self.show();
        self.a += 1;
    }
    fn a22(&mut self) {
        self.a += 1;
        self.defaulted();
        self.a += 1;
    }
    fn a23(&mut self) {
        self.a += 1;
        self.outside();
        self.a += 1;
    }
    fn a24(&mut self) {
        self.a += 1;
        S::outside_fn(self);
        self.a += 1;
    }
    fn a25(&mut self) {
        self.a += 1;
        free(self);
        self.a += 1;
    }
    fn a26(&mut self) {
        self.a += 1;
        call!(self);
        self.a += 1;
    }
    fn a27(&mut self) {
        change!(self);
        self.ga();
        change!(self);
    }
    fn a28(&mut self) {
        self.a += 1;
        (self.hook)(self);
        self.a += 1;
    }
    fn a29(&mut self) {
        self.a += 1;
        let h = self.hook;
        h(&*self);
        self.a += 1;
    }
    fn a30(&mut self) {
        self.a += 1;
        {
            let r = &*self;
            r.ga();
        }
        self.a += 1;
    }
    fn a31(&mut self) {
        self.a += 1;
        [&*self].iter().map(|s| s.ga()).count();
        self.a += 1;
    }
    fn a32(&mut self) {
        self.a += 1;
        Some(&*self).map(S::ga);
        self.a += 1;
    }
    fn a33(&mut self) {
        self.a += 1;
        Some(&*self).map(Self::plain);
        self.a += 1;
    }
    fn a34(&mut self, f: impl Fn(&Self) -> i64) {
        self.a += 1;
        f(self);
        self.a += 1;
    }
    fn a35(&mut self, f: &dyn Fn(&Self) -> i64) {
        self.a += 1;
        f(self);
        self.a += 1;
    }
    fn a36(&mut self) {
        for _ in 0..2 {
            self.ga();
            self.a += 1;
        }
    }
    fn a37(&mut self) {
        loop {
            if self.plain() > 3 {
                break;
            }
            self.a += 1;
        }
    }
    fn a38(&mut self) {
        let mut i = 0;
        'x: while i < 3 {
            i += 1;
            if i == 2 {
                continue 'x;
            }
            self.plain();
            self.a += 1;
        }
        self.a += 1;
    }
    fn a39(&mut self) {
        std::iter::from_fn(|| {
            self.ga();
            self.a += 1;
            Some(1)
        })
        .take(3)
        .count();
    }
    fn a40(&mut self) {
        let mut f = || {
            self.ga();
            self.a += 1;
        };
        f();
        f()
    }
    fn a41(&mut self) {
        let f = |s: &Self| s.ga();
        f(self);
        self.a += 1;
        f(self);
        self.a += 1
    }
    fn a42(&mut self) {
        let f = Self::ga;
        f(self);
        self.a += 1;
        f(self);
        self.a += 1
    }
    fn a43(&mut self) {
        let f = S::ga as fn(&S) -> i64;
        let x = &mut self.a;
        *x += 1;
        f(self);
        self.a += 1
    }
    fn a44(&mut self) {
        let _ = self.k == *self;
        self.a += 1;
        let _ = self.k == *self;
        self.a += 1
    }
    fn a45(&mut self) {
        let _ = self.k + self;
        self.a += 1;
        let _ = self.k + self;
        self.a += 1
    }
    fn a46(&mut self) {
        let mut x = 0i64;
        x += &*self;
        self.a += 1;
        x += &*self;
        self.a += 1
    }
    fn a47(&mut self) {
        assert!(*self == self.a);
        self.a += 1;
        assert!(*self == self.a);
        self.a += 1
    }
    fn a48(&mut self) {
        let a = self.a;
        assert_eq!(*self, a);
        self.a += 1;
        assert_eq!(*self, a + 1);
        self.a += 1
    }
    fn a49(&mut self) {
        let _ = matches!(&*self, s if s.ga() > 1);
        self.a += 1;
        let _ = matches!(&*self, s if s.ga() > 1);
        self.a += 1;
    }
    fn a50(&mut self) {
        self.a += 1;
        match &*self {
            s if s.ga() > 1 => {}
            _ => {}
        }
        self.a += 1;
    }
    fn a51(&mut self) {
        self.a += 1;
        dbg!(&*self);
        self.a += 1;
    }
    fn a52(&mut self) {
        self.a += 1;
        let _ = vec![&*self; 2].iter().map(|x| x.ga()).sum::<i64>();
        self.a += 1;
    }
    fn a53(&mut self) {
        fn g(s: &S) -> i64 {
            s.ga()
        }
        self.a += 1;
        g(self);
        self.a += 1;
    }
    fn a54(&mut self) {
        trait L {
            fn l(&self) -> i64;
        }
        impl L for S {
            fn l(&self) -> i64 {
                self.ga()
            }
        }
        self.a += 1;
        self.l();
        self.a += 1;
    }
    fn a55(&mut self) {
        self.a += 1;
        <Self as Show>::show(self);
        self.a += 1;
    }
    fn a56(&mut self) {
        self.a += 1;
        let d: &dyn Show = self;
        d.show();
        self.a += 1;
    }
    fn a57(&mut self) {
        self.a += 1;
        let _ = self.k == *self && self.b == 0;
        let S { a, .. } = self;
        *a += 1;
    }
    fn a58(&mut self) {
        let h = self.hook;
        let S { a, .. } = &mut *self;
        *a += 1;
        h(self);
        self.a += 1;
    }
    fn a59(&mut self) {
        self.a += 1;
        std::thread::scope(|s| {
            s.spawn(|| free(self));
        });
        self.a += 1;
    }
    fn a60(&mut self) {
        self.a += 1;
        Self::a61(self);
        self.a += 1;
    }
    fn a61(&mut self) {
        self.outside();
    }
    fn a62(&mut self) {
        let x = S {
            a: {
                self.a += 1;
                self.ga();
                self.a += 1;
                1
            },
            ..S::make(1)
        };
    }
    fn a63(&mut self) {
        self.a = {
            self.ga();
            self.a + 1
        };
        self.a = { self.ga() } + 5;
    }
    fn a64(&mut self) {
        self.a = self.ga() + 1;
    }
    fn a65(&mut self) {
        self.a += self.ga();
        self.a += self.ga();
    }
    fn a66(&mut self) {
        let r = &mut self.a;
        *r += 1;
        let x = self.gg();
        self.a = x + 1;
    }
    fn a67(mut self: Pin<&mut Self>) {
        self.a += 1;
        self.ga();
        self.a += 1;
        self.as_ref().gg();
        self.as_mut().a += 1;
    }
    fn a68(self: &mut Self) {
        self.a += 1;
        self.ga();
        self.a += 1
    }
    fn a69(s: &mut Self, t: &mut S) {
        s.a += 1;
        s.ga();
        t.ga();
        std::mem::swap(&mut s.a, &mut t.a);
        t.a += 1
    }
    fn a70(s: &mut Self, t: &mut S) {
        s.a += 1;
        s.ga();
        t.ga();
        std::mem::swap(s, t);
        s.a += 1;
        t.a += 1
    }
    fn a71(mut self) -> Self {
        self.a += 1;
        self.ga();
        self.a += 1;
        self
    }
    fn a72(self) -> Self {
        let mut me = self;
        me.ga();
        me.a += 1;
        me.ga();
        S { b: 1, ..me }
    }
    fn a73(mut self: Box<Self>) -> Box<Self> {
        self.ga();
        self.a += 1;
        self
    }
    fn a74(self) -> impl FnMut() -> i64 {
        let mut me = self;
        move || {
            me.ga();
            me.a += 1;
            me.ga() - me.a
        }
    }
    fn a75(&mut self) -> impl FnMut() -> i64 {
        move || {
            self.ga();
            self.a += 1;
            self.ga() - self.a
        }
    }
    fn a76(&mut self) -> impl Iterator<Item = i64> {
        std::iter::from_fn(move || {
            self.ga();
            self.a += 1;
            Some(self.ga() - self.a)
        })
    }
    fn a77(&mut self) -> Box<dyn FnMut() -> i64 + '_> {
        Box::new(|| {
            self.ga();
            self.a += 1;
            self.outside() - self.a
        })
    }
    async fn a78(&mut self) -> i64 {
        self.a += 1;
        self.ga();
        self.a += 1;
        Yield(false).await;
        self.ga();
        self.a += 1;
        Yield(false).await;
        self.ga();
        self.a += 1;
        1
    }
    fn a79(&mut self) -> impl Future<Output = ()> {
        self.a += 1;
        self.ga();
        async move {
            self.a += 1;
            self.ga();
            Yield(false).await;
            self.a += 1;
            self.ga();
            self.a += 1;
            Yield(false).await;
            self.a += 1
        }
    }
    fn a80(&mut self) -> &mut i64 {
        self.a += 1;
        self.ga();
        &mut self.a
    }
    fn a81(&mut self) -> (&mut i64, &mut i64) {
        self.a += 1;
        self.ga();
        (&mut self.b, &mut self.a)
    }
    fn a82(&mut self) -> &mut Self {
        self.a += 1;
        self.ga();
        self.a += 1;
        self
    }
    fn a83(&mut self) -> Option<&mut i64> {
        if self.ga() > 100 {
            return Some(&mut self.b);
        }
        self.a += 1;
        self.ga();
        Some(&mut self.a).filter(|x| **x > 0)
    }
    fn a84(&mut self) -> Pin<&mut Self> {
        self.ga();
        Pin::new(self)
    }
    fn a85(&mut self) -> std::slice::IterMut<'_, i64> {
        self.ga();
        std::slice::from_mut(&mut self.a).iter_mut()
    }
    fn a86(&mut self) -> Holder<'_> {
        self.ga();
        Holder { s: self }
    }
    fn a87(&mut self) -> impl Drop + '_ {
        struct D<'a>(&'a mut S);
        impl Drop for D<'_> {
            fn drop(&mut self) {
                self.0.ga();
                self.0.a += 1;
            }
        }
        self.ga();
        D(self)
    }
    fn a88(&mut self) -> std::cell::RefCell<&mut i64> {
        self.ga();
        std::cell::RefCell::new(&mut self.a)
    }
    fn a89(&mut self) -> std::sync::Mutex<&mut S> {
        self.ga();
        std::sync::Mutex::new(self)
    }
    fn a90<'a>(&'a mut self, out: &mut Vec<&'a mut i64>) {
        self.ga();
        out.push(&mut self.a)
    }
    fn a91<'a>(&'a mut self, out: &mut Option<&'a mut S>) {
        self.ga();
        *out = Some(self)
    }
    fn a92<'a>(&'a mut self, out: &mut Vec<Box<dyn FnMut() -> i64 + 'a>>) {
        self.ga();
        out.push(Box::new(move || {
            self.a += 1;
            self.ga()
        }))
    }
}
struct Holder<'a> {
    s: &'a mut S,
}
struct Yield(bool);
impl Future for Yield {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        if self.0 {
            std::task::Poll::Ready(())
        } else {
            self.0 = true;
            std::task::Poll::Pending
        }
    }
}
fn block(f: impl Future<Output = ()>) {
    poll_n(f, 1)
}
fn poll_n<T>(f: impl Future<Output = T>, n: usize) {
    let mut f = std::pin::pin!(f);
    for _ in 0..n {
        if f.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())).is_ready()
        {
            break;
        }
    }
}
macro_rules! all { ($($n:ident)*) => { vec![$((stringify!($n), Box::new(|s: &mut S| { s.$n(); }) as Box<dyn Fn(&mut S)>)),*] } }
#[test]
fn are_seen() {
    let mut all = all! { a01 a02 a03 a04 a06 a07 a08 a09 a10 a11 a12 a13 a14 a15 a16 a17 a18 a19 a20 a21 a22 a23 a24 a25 a26 a27 a28 a29 a30 a31 a32 a33 a36 a37 a38 a39 a40 a41 a42 a43 a44 a45 a46 a47 a48 a49 a50 a51 a52 a53 a54 a55 a56 a57 a58 a59 a60 a61 a62 a63 a64 a65 a66 a68 a82 };
    macro_rules! add {
        ($n:literal, $f:expr) => {
            all.push(($n, Box::new($f)))
        };
    }
    add!("a05", |s| s.a05(&S::make(1)));
    add!("a34", |s| s.a34(|s| s.ga()));
    add!("a35", |s| s.a35(&|s| s.ga()));
    add!("a67", |s| Pin::new(s).a67());
    add!("a69", |s| {
        let mut t = S::make(7);
        S::a69(s, &mut t);
        assert_eq!(t.ga(), t.a);
        assert_eq!(t.gg(), t.a)
    });
    add!("a70", |s| {
        let mut t = S::make(7);
        S::a70(s, &mut t);
        assert_eq!(t.ga(), t.a);
        assert_eq!(t.gg(), t.a)
    });
    add!("a71", |s| *s = std::mem::replace(s, S::make(1)).a71());
    add!("a72", |s| *s = std::mem::replace(s, S::make(1)).a72());
    add!("a73", |s| *s = *Box::new(std::mem::replace(s, S::make(1))).a73());
    add!("a74", |s| {
        let mut f = std::mem::replace(s, S::make(1)).a74();
        assert_eq!(f(), 0);
        assert_eq!(f(), 0)
    });
    add!("a75", |s| {
        let mut f = s.a75();
        assert_eq!(f(), 0);
        assert_eq!(f(), 0)
    });
    add!("a76", |s| {
        let mut f = s.a76();
        assert_eq!(f.next(), Some(0));
        assert_eq!(f.next(), Some(0))
    });
    add!("a77", |s| {
        let mut f = s.a77();
        assert_eq!(f(), 0);
        assert_eq!(f(), 0)
    });
    for n in 0..4 {
        all.push(("a78", Box::new(move |s| poll_n(s.a78(), n))));
        all.push(("a79", Box::new(move |s| poll_n(s.a79(), n))));
        all.push((
            "a78f",
            Box::new(move |s| {
                let mut f = Box::pin(s.a78());
                for _ in 0..n {
                    let _ = f
                        .as_mut()
                        .poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
                }
                std::mem::forget(f)
            }),
        ));
        all.push((
            "a79f",
            Box::new(move |s| {
                let mut f = Box::pin(s.a79());
                for _ in 0..n.min(3) {
                    let _ = f
                        .as_mut()
                        .poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
                }
                std::mem::forget(f)
            }),
        ));
    }
    add!("a80", |s| *s.a80() += 1);
    add!("a81", |s| *s.a81().1 += 1);
    add!("a82", |s| {
        let t = s.a82();
        t.ga();
        t.a62();
        assert_eq!(t.ga(), t.a)
    });
    add!("a83", |s| *s.a83().unwrap() += 1);
    add!("a84", |s| {
        s.a84().a += 1;
    });
    add!("a84b", |s| {
        let mut p = s.a84();
        p.as_mut().a67();
        assert_eq!(p.ga(), p.a);
        p.set(S::make(99))
    });
    add!("a85", |s| {
        *s.a85().next().unwrap() += 1;
    });
    add!("a86", |s| {
        let h = s.a86();
        h.s.ga();
        h.s.a64();
        assert_eq!(h.s.ga(), h.s.a);
    });
    add!("a87", |s| {
        s.a87();
    });
    add!("a88", |s| {
        **s.a88().borrow_mut() += 1;
    });
    add!("a89", |s| {
        let m = s.a89();
        m.lock().unwrap().ga();
        m.lock().unwrap().a64();
    });
    add!("a90", |s| {
        let mut v = vec![];
        s.a90(&mut v);
        *v[0] += 1;
    });
    add!("a91", |s| {
        let mut v = None;
        s.a91(&mut v);
        let v = v.unwrap();
        v.ga();
        v.a64();
    });
    add!("a92", |s| {
        let mut v = vec![];
        s.a92(&mut v);
        v[0]();
        v[0]();
    });
    let mut bad = vec![];
    for (n, f) in &all {
        let mut s = S::make(1);
        s.ga();
        s.gg();
        for i in 0..2 {
            f(&mut s);
            if s.ga() != s.a {
                bad.push((n, i, "ga"))
            }
            if s.gg() != s.a {
                bad.push((n, i, "gg"))
            }
        }
    }
    assert!(bad.is_empty(), "{bad:?}");
}
