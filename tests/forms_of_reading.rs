//! A memoized result depends on every field that its body reads, in whatever form it is read.

// The spelling is what is tested.
#![allow(
    unused,
    irrefutable_let_patterns,
    non_local_definitions,
    unpredictable_function_pointer_comparisons,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]

use memo_runtime::memoize;
use std::borrow::*;
use std::fmt;
use std::ops::*;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

trait Show {
    fn show(&self) -> i64;
    fn defaulted(&self) -> i64 {
        self.show()
    }
    fn len(&self) -> i64 {
        self.show()
    }
    fn clamp2(self) -> i64
    where
        Self: Sized,
    {
        0
    }
}
#[memoize]
#[derive(Clone, Debug, PartialEq, PartialOrd, Eq, Hash)]
struct S {
    a: i64,
    b: i64,
    k: K,
    v: Vec<i64>,
    hook: Hook,
    c: C,
}
#[derive(Clone, Debug, PartialEq, PartialOrd, Eq, Hash)]
struct Hook(fn(&S) -> i64);
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Eq, Hash)]
struct K;
#[derive(Clone, Debug, PartialEq, PartialOrd, Eq, Hash)]
struct C {
    n: i64,
}
impl C {
    fn with(&self, s: &S) -> i64 {
        s.b
    }
    fn bump(&mut self) {
        self.n += 1
    }
}
impl PartialEq<S> for K {
    fn eq(&self, s: &S) -> bool {
        s.b % 2 == 0
    }
}
impl Add<&S> for K {
    type Output = i64;
    fn add(self, s: &S) -> i64 {
        s.b
    }
}
impl AddAssign<&S> for C {
    fn add_assign(&mut self, s: &S) {
        self.n += s.b
    }
}
impl fmt::Display for S {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.b)
    }
}
impl PartialEq<i64> for S {
    fn eq(&self, o: &i64) -> bool {
        self.b == *o
    }
}
impl Deref for S {
    type Target = i64;
    fn deref(&self) -> &i64 {
        &self.b
    }
}
impl Index<usize> for S {
    type Output = i64;
    fn index(&self, _: usize) -> &i64 {
        &self.b
    }
}
impl Neg for &S {
    type Output = i64;
    fn neg(self) -> i64 {
        self.b
    }
}
impl Not for &S {
    type Output = i64;
    fn not(self) -> i64 {
        self.b
    }
}
impl IntoIterator for &S {
    type Item = i64;
    type IntoIter = std::vec::IntoIter<i64>;
    fn into_iter(self) -> std::vec::IntoIter<i64> {
        vec![self.b].into_iter()
    }
}
impl AsRef<i64> for S {
    fn as_ref(&self) -> &i64 {
        &self.b
    }
}
impl From<&S> for i64 {
    fn from(s: &S) -> i64 {
        s.b
    }
}
impl Show for S {
    fn show(&self) -> i64 {
        self.b
    }
}
impl Show for &S {
    fn show(&self) -> i64 {
        self.b
    }
    fn len(&self) -> i64 {
        self.b
    }
}
impl S {
    fn outside(&self) -> i64 {
        self.b
    }
    fn outside_fn(s: &S) -> i64 {
        s.b
    }
}
fn free(s: &S) -> i64 {
    s.b
}
macro_rules! call {
    ($s:expr) => {
        $s.b
    };
}
macro_rules! method { ($s:ident, $n:ident) => { #[memoize] fn $n(&$s) -> i64 { $s.b } } }
macro_rules! pat {
    ($x:ident) => {
        S { b: $x, .. }
    };
}
macro_rules! names {
    ($x:ident) => {
        $x.b
    };
}
macro_rules! make {
  ($S:ident, $f:ident, $g:ident, $m:ident, $ty:ty, $self:ident, $body:expr, $setter:block) => {
    #[memoize] struct $S { $f: $ty, $g: $ty }
    #[memoize] impl $S {
      #[memoize] fn $m(&$self) -> $ty { $body }
      #[memoize] fn other(&self) -> $ty { self.$g }
      fn set(&mut $self) $setter
    }
  }
}
make!(Mac, x, y, m, i64, self, self.x + self.y, { self.y += 1 });
#[memoize]
impl S {
    fn make() -> S {
        S { a: 1, b: 2, k: K, v: vec![1], hook: Hook(|s| s.b), c: C { n: 0 } }
    }
    fn plain(&self) -> i64 {
        self.outside()
    }
    fn rec1(&self, n: i64) -> i64 {
        if n == 0 { self.b } else { self.rec2(n - 1) }
    }
    fn rec2(&self, n: i64) -> i64 {
        self.rec1(n)
    }
    #[memoize]
    fn r01(&self) -> String {
        format!("{self}")
    }
    #[memoize]
    fn r02(&self) -> String {
        self.to_string()
    }
    #[memoize]
    fn r03(&self) -> bool {
        *self == 3
    }
    #[memoize]
    fn r04(&self) -> i64 {
        **self
    }
    #[memoize]
    fn r05(&self) -> i64 {
        self.abs()
    }
    #[memoize]
    fn r06(&self) -> i64 {
        self[0]
    }
    #[memoize]
    fn r07(&self) -> i64 {
        -self
    }
    #[memoize]
    fn r08(&self) -> i64 {
        !self
    }
    #[memoize]
    fn r09(&self) -> i64 {
        let mut n = 0;
        for x in self {
            n += x
        }
        n
    }
    #[memoize]
    fn r10(&self) -> i64 {
        *AsRef::<i64>::as_ref(self)
    }
    #[memoize]
    fn r11(&self) -> i64 {
        self.into()
    }
    #[memoize]
    fn r12(&self) -> i64 {
        i64::from(self)
    }
    #[memoize]
    fn r13(&self) -> i64 {
        self.show()
    }
    #[memoize]
    fn r14(&self) -> i64 {
        self.defaulted()
    }
    #[memoize]
    fn r15(&self) -> i64 {
        self.len()
    }
    #[memoize]
    fn r16(&self) -> i64 {
        self.outside()
    }
    #[memoize]
    fn r17(&self) -> i64 {
        Self::outside_fn(self)
    }
    #[memoize]
    fn r18(&self) -> i64 {
        free(self)
    }
    #[memoize]
    fn r19(&self) -> i64 {
        call!(self)
    }
    #[memoize]
    fn r20(&self) -> i64 {
        (self.hook.0)(self)
    }
    #[memoize]
    fn r21(&self) -> i64 {
        let h = &self.hook;
        h.0(self)
    }
    #[memoize]
    fn r22(&self) -> i64 {
        let me = self;
        me.b
    }
    #[memoize]
    fn r23(&self) -> i64 {
        std::iter::once(self).map(|s| s.b).sum()
    }
    #[memoize]
    fn r24(&self) -> i64 {
        [self].map(|s| s.b)[0]
    }
    #[memoize]
    fn r25(&self) -> i64 {
        self.clone().b
    }
    #[memoize]
    fn r26(&self) -> i64 {
        let Self { b, .. } = self;
        *b
    }
    #[memoize]
    fn r27(&self) -> i64 {
        let S { b: x, a: _, .. } = *self else { return 0 };
        x
    }
    #[memoize]
    fn r28(&self) -> i64 {
        match self {
            S { b, .. } if *b > 0 => *b,
            _ => 0,
        }
    }
    #[memoize]
    fn r29(&self) -> i64 {
        let pat!(x) = self;
        *x
    }
    #[memoize]
    fn r30(&self) -> i64 {
        (|s: &Self| s.b)(self)
    }
    #[memoize]
    fn r31(&self) -> i64 {
        (|S { b, .. }: &S| *b)(self)
    }
    #[memoize]
    fn r32(&self) -> i64 {
        let f = Self::plain;
        f(self)
    }
    #[memoize]
    fn r33(&self) -> i64 {
        <Self as Show>::show(self)
    }
    #[memoize]
    fn r34(&self) -> i64 {
        Show::show(&self)
    }
    #[memoize]
    fn r35(&self) -> i64 {
        let d: &dyn Show = self;
        d.show()
    }
    #[memoize]
    fn r36(&self) -> i64 {
        fn f(s: &S) -> i64 {
            s.b
        }
        f(self)
    }
    #[memoize]
    fn r37(&self) -> i64 {
        impl S {
            fn yy(&self) -> i64 {
                self.b
            }
        }
        self.yy()
    }
    #[memoize]
    fn r38(&self) -> i64 {
        self.plain()
    }
    #[memoize]
    fn r39(&self) -> i64 {
        self.rec1(5)
    }
    #[memoize]
    fn r40(&self) -> i64 {
        self.c.with(self)
    }
    #[memoize]
    fn r41(&self) -> i64 {
        self.k + self
    }
    #[memoize]
    fn r42(&self) -> bool {
        self.k == *self
    }
    #[memoize]
    fn r43(&self) -> i64 {
        let mut c = C { n: 0 };
        c += self;
        c.n
    }
    #[memoize]
    fn r44(&self) -> bool {
        *self == S { a: 1, b: 3, ..S::make() }
    }
    #[memoize]
    fn r45(&self) -> i64 {
        let x = S { a: 3, ..self.clone() };
        x.b
    }
    #[memoize]
    fn r46(&self) -> String {
        format!("{:?}", self)
    }
    #[memoize]
    fn r47(&self) -> String {
        format!("{self:?}")
    }
    #[memoize]
    fn r48(&self) -> String {
        format!("{0:1$}", 1, self.b as usize)
    }
    #[memoize]
    fn r49(&self) -> String {
        let b = self.b as usize;
        format!("{0:b$}", 1)
    }
    #[memoize]
    fn r50(&self) -> bool {
        matches!(self, S { b: 3, .. })
    }
    #[memoize]
    fn r51(&self) -> bool {
        matches!(self, pat!(x) if *x > 2)
    }
    #[memoize]
    fn r52(&self) -> i64 {
        let f = || self.b;
        f()
    }
    #[memoize]
    fn r53(&self) -> i64 {
        let f = move || {
            let s = self;
            s.b
        };
        f()
    }
    #[memoize]
    fn r54(&self) -> i64 {
        if let S { b, .. } = self
            && *b > 0
        {
            *b
        } else {
            0
        }
    }
    #[memoize]
    fn r55(&self) -> i64 {
        'l: { break 'l self }.b
    }
    #[memoize]
    fn r56(&self) -> i64 {
        (loop {
            break self;
        })
        .b
    }
    #[memoize]
    fn r57(&self) -> i64 {
        (if self.a > 0 { self } else { &*self }).b
    }
    #[memoize]
    fn r58(&self) -> i64 {
        (self).b + (*self).b + (&self).b + (&&self).b
    }
    #[memoize]
    fn r59(&self) -> i64 {
        let p = &raw const self.b;
        unsafe { *p }
    }
    #[memoize]
    fn r60(&self) -> i64 {
        let p = std::ptr::addr_of!(self.b);
        unsafe { *p }
    }
    #[memoize]
    fn r61(&self) -> i64 {
        let p: *const Self = self;
        unsafe { (*p).b }
    }
    #[memoize]
    fn r62(&self) -> i64 {
        let p = std::ptr::from_ref(&self.a);
        unsafe { *p.byte_add(std::mem::offset_of!(S, b)).byte_sub(std::mem::offset_of!(S, a)) }
    }
    #[memoize]
    fn r63(&self) -> i64 {
        dbg!(self).b
    }
    #[memoize]
    fn r64(&self) -> i64 {
        vec![self][0].b
    }
    #[memoize]
    fn r65(&self) -> i64 {
        let a;
        a = self;
        a.b
    }
    #[memoize]
    fn r66(&self) -> i64 {
        let mut a = None;
        a.get_or_insert(self).b
    }
    #[memoize]
    fn r67(&self) -> i64 {
        std::convert::identity(self).b
    }
    #[memoize]
    fn r68(&self) -> i64 {
        struct T<'a> {
            s: &'a S,
        }
        T { s: self }.s.b
    }
    #[memoize]
    fn r69(&self) -> i64 {
        std::thread::scope(|s| s.spawn(|| self.b).join().unwrap())
    }
    #[memoize]
    fn r70(&self) -> i64 {
        block(async { self.b })
    }
    #[memoize]
    async fn r71(&self) -> i64 {
        let b = async move { self.b };
        b.await
    }
    #[memoize]
    async fn r72(&self) -> i64 {
        self.r73().await
    }
    async fn r73(&self) -> i64 {
        self.outside()
    }
    #[memoize]
    fn r74(self: &Rc<Self>) -> i64 {
        self.b
    }
    #[memoize]
    fn r75(self: Rc<Self>) -> i64 {
        let s = &self;
        s.b
    }
    #[memoize]
    fn r76(self: Pin<&Self>) -> i64 {
        self.get_ref().b
    }
    #[memoize]
    fn r77(self: &Arc<Self>) -> i64 {
        Arc::clone(self).b
    }
    #[memoize]
    fn r78(&self) -> i64 {
        let [x] = [&self.c];
        x.n
    }
    #[memoize(cache_if = |r| *r != -1)]
    fn r79(&self) -> i64 {
        self.b
    }
    #[memoize(skip(x))]
    fn r80(&self, x: i64) -> i64 {
        self.b
    }
    #[memoize(key(k: i64 = x))]
    fn r81(&self, x: i64) -> i64 {
        self.b
    }
    #[memoize(returns = "ref")]
    fn r82(&self) -> i64 {
        self.b
    }
    #[memoize(ttl = "1h")]
    fn r83(&self) -> i64 {
        self.b
    }
    #[memoize(capacity = 4)]
    fn r84(&self, x: i64) -> i64 {
        self.b
    }
    #[memoize(single_flight)]
    fn r85(&self, x: i64) -> i64 {
        self.b
    }
    #[memoize(capacity = 4, policy = "sieve")]
    fn r86(&self, x: i64) -> i64 {
        self.b
    }
    #[memoize(stats)]
    fn r87(&self, x: i64) -> i64 {
        self.r84(x)
    }
    #[memoize]
    fn r88(&self) -> i64 {
        *self.r82()
    }
    #[memoize]
    fn r89(&self) -> i64 {
        self.r84_cache().peek((1,)).unwrap_or(self.a)
    }
    #[memoize]
    fn r90(&self, o: &S) -> bool {
        self == o
    }
    #[memoize]
    fn r91(&self) -> i64 {
        let (Self { b: x, .. } | Self { a: x, .. }) = self;
        *x
    }
    #[memoize]
    fn r92(&self) -> i64 {
        let s @ S { .. } = self;
        s.b
    }
    #[memoize]
    fn r93(&self) -> i64 {
        let ref s = *self;
        s.b
    }
    #[memoize]
    fn r94(&self) -> i64 {
        return self.b;
    }
    #[memoize]
    fn r95(&self) -> i64 {
        let x = || -> Option<i64> {
            Some(self)?;
            Some(Some(self)?.b)
        };
        x().unwrap()
    }
    #[memoize]
    fn r96(&self) -> i64 {
        const fn f(s: &S) -> &i64 {
            &s.b
        }
        *f(self)
    }
    #[memoize]
    fn r97(&self) -> i64 {
        let mut it = std::iter::successors(Some(self), |s| Some(s));
        it.next().unwrap().b
    }
    #[memoize]
    fn r98(&self) -> i64 {
        type T = S;
        T::outside(self)
    }
    #[memoize]
    fn r99(&self) -> i64 {
        use self::free as f;
        f(&self)
    }
    fn set_b(&mut self) {
        self.b += 1
    }
    fn set_c(&mut self) {
        self.c.bump()
    }
}
fn block<T>(f: impl Future<Output = T>) -> T {
    let mut f = std::pin::pin!(f);
    loop {
        if let std::task::Poll::Ready(x) =
            f.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
        {
            return x;
        }
    }
}
macro_rules! all { ($($n:ident)*) => { vec![$((stringify!($n), Box::new(|s: &mut S| { format!("{:?}", s.$n()) }) as Box<dyn Fn(&mut S) -> String>)),*] } }
#[test]
fn is_seen() {
    let mut all = all! { r01 r02 r03 r04 r05 r06 r07 r08 r09 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 r20 r21 r22 r23 r24 r25 r26 r27 r28 r29 r30 r31 r32 r33 r34 r35 r36 r37 r38 r39 r40 r41 r42 r43 r44 r45 r46 r47 r48 r49 r50 r51 r52 r53 r54 r55 r56 r57 r58 r59 r60 r61 r62 r63 r64 r65 r66 r67 r68 r69 r70 r78 r79 r82 r83 r88 r89 r91 r92 r93 r94 r95 r96 r97 r98 r99 };
    macro_rules! add {
        ($n:literal, $f:expr) => {
            all.push(($n, Box::new($f)))
        };
    }
    add!("r71", |s| block(s.r71()).to_string());
    add!("r72", |s| block(s.r72()).to_string());
    add!("r76", |s| Pin::new(&*s).r76().to_string());
    add!("r80", |s| s.r80(1).to_string());
    add!("r81", |s| s.r81(1).to_string());
    add!("r84", |s| s.r84(1).to_string());
    add!("r85", |s| s.r85(1).to_string());
    add!("r86", |s| s.r86(1).to_string());
    add!("r87", |s| s.r87(1).to_string());
    add!("r90", |s| s.r90(&S { b: 3, ..S::make() }).to_string());
    let mut bad = vec![];
    for (n, f) in &all {
        let mut s = S::make();
        let before = f(&mut s);
        f(&mut s);
        s.set_b();
        s.set_c();
        let after = f(&mut s);
        let mut t = s.clone();
        let right = f(&mut t);
        if after != right {
            bad.push((n, before, after, right))
        }
    }
    let mut rc = Rc::new(S::make());
    rc.r74();
    rc.clone().r75();
    Rc::get_mut(&mut rc).unwrap().set_b();
    assert_eq!((rc.r74(), rc.clone().r75()), (3, 3));
    let mut rc = Arc::new(S::make());
    rc.r77();
    Arc::get_mut(&mut rc).unwrap().set_b();
    assert_eq!(rc.r77(), 3);
    let mut m = Mac { x: 1, y: 2, memo: Default::default() };
    assert_eq!((m.m(), m.other()), (3, 2));
    m.set();
    assert_eq!((m.m(), m.other()), (4, 3));
    assert!(bad.is_empty(), "{bad:?}");
}
