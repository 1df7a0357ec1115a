//! A field that changes is never behind a memoized result, in whatever form the change is written.

// The spelling is what is tested.
#![allow(
    unused,
    non_local_definitions,
    irrefutable_let_patterns,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]

use memo_runtime::memoize;
use std::borrow::BorrowMut;
use std::fmt::Write as _;
use std::ops::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

#[derive(Clone, Debug, PartialEq, Default)]
struct W {
    n: i64,
}
impl W {
    fn len(&mut self) -> i64 {
        self.n += 1;
        self.n
    }
    fn iter(&mut self) -> std::vec::IntoIter<i64> {
        self.n += 1;
        vec![self.n].into_iter()
    }
    fn clone_it(&mut self) -> W {
        self.n += 1;
        self.clone()
    }
    fn get(&mut self, _: usize) -> Option<&i64> {
        self.n += 1;
        Some(&self.n)
    }
    fn is_empty(&mut self) -> bool {
        self.n += 1;
        false
    }
    fn to_string(&mut self) -> String {
        self.n += 1;
        String::new()
    }
    fn eq(&mut self, o: &W) -> bool {
        self.n += 1;
        true
    }
    fn cmp(&mut self, o: &W) -> bool {
        self.n += 1;
        true
    }
    fn as_ref(&mut self) -> i64 {
        self.n += 1;
        1
    }
    fn write_fmt(&mut self, _: std::fmt::Arguments<'_>) -> std::fmt::Result {
        self.n += 1;
        Ok(())
    }
    fn sum(&mut self) -> i64 {
        self.n += 1;
        1
    }
    fn hash(&mut self) -> i64 {
        self.n += 1;
        1
    }
    fn fmt(&mut self) -> i64 {
        self.n += 1;
        1
    }
}
impl Not for &mut W {
    type Output = ();
    fn not(self) {
        self.n += 1
    }
}
impl Neg for &mut W {
    type Output = ();
    fn neg(self) {
        self.n += 1
    }
}
impl Add<i64> for &mut W {
    type Output = ();
    fn add(self, o: i64) {
        self.n += o
    }
}
impl Shl<i64> for &mut W {
    type Output = ();
    fn shl(self, o: i64) {
        self.n += o
    }
}
impl PartialEq<i64> for &mut W {
    fn eq(&self, o: &i64) -> bool {
        true
    }
}
impl AddAssign<i64> for W {
    fn add_assign(&mut self, o: i64) {
        self.n += o
    }
}
impl Deref for W {
    type Target = i64;
    fn deref(&self) -> &i64 {
        &self.n
    }
}
impl DerefMut for W {
    fn deref_mut(&mut self) -> &mut i64 {
        self.n += 1;
        &mut self.n
    }
}
impl Index<usize> for W {
    type Output = i64;
    fn index(&self, _: usize) -> &i64 {
        &self.n
    }
}
impl IndexMut<usize> for W {
    fn index_mut(&mut self, _: usize) -> &mut i64 {
        self.n += 1;
        &mut self.n
    }
}
impl IntoIterator for &mut W {
    type Item = i64;
    type IntoIter = std::vec::IntoIter<i64>;
    fn into_iter(self) -> std::vec::IntoIter<i64> {
        self.n += 1;
        vec![1].into_iter()
    }
}
#[derive(Clone, Debug, PartialEq, Default)]
struct It {
    n: i64,
}
impl Iterator for It {
    type Item = i64;
    fn next(&mut self) -> Option<i64> {
        self.n += 1;
        (self.n < 10).then_some(1)
    }
}
trait Touch {
    fn touch(&mut self) -> i64;
    fn first(&mut self) -> Option<i64> {
        self.touch();
        None
    }
    fn is_some(&mut self) -> bool {
        self.touch();
        true
    }
    fn abs(&mut self) -> i64 {
        self.touch();
        1
    }
    fn min(&mut self, _: i64) -> i64 {
        self.touch();
        1
    }
    fn peek(&mut self) -> i64 {
        self.touch()
    }
}
impl Touch for i64 {
    fn touch(&mut self) -> i64 {
        *self += 1;
        *self
    }
}
impl Touch for Vec<i64> {
    fn touch(&mut self) -> i64 {
        self.push(1);
        1
    }
}
impl Touch for Option<i64> {
    fn touch(&mut self) -> i64 {
        *self = Some(self.unwrap_or(0) + 1);
        1
    }
}
trait Own {
    fn own(self) -> i64;
    fn len(self) -> i64
    where
        Self: Sized,
    {
        self.own()
    }
}
impl Own for &mut Vec<i64> {
    fn own(self) -> i64 {
        self.push(2);
        1
    }
}
impl Own for &mut i64 {
    fn own(self) -> i64 {
        *self += 1;
        1
    }
}
impl Touch for S {
    fn touch(&mut self) -> i64 {
        self.a += 1;
        self.a
    }
}

macro_rules! pat {
    ($x:ident) => {
        S { a: $x, .. }
    };
}
macro_rules! place {
    ($s:ident) => {
        $s.a
    };
}
macro_rules! ty {
    () => {
        S
    };
}
macro_rules! mutref {
    ($t:ty) => {
        &mut $t
    };
}
macro_rules! stmts {
    ($s:ident) => {
        let r = &mut $s.a;
        *r += 1;
    };
}
macro_rules! outer {
    ($s:expr) => {
        inner!($s, a)
    };
}
macro_rules! inner {
    ($s:expr, $f:ident) => {
        $s.$f += 1
    };
}

type Alias = S;
trait HasMe {
    type Me;
}
impl HasMe for S {
    type Me = S;
}

#[memoize]
#[derive(Clone, Debug)]
struct S {
    a: i64,
    b: i64,
    v: Vec<i64>,
    o: Option<i64>,
    arr: [i64; 3],
    w: W,
    it: It,
    s: String,
    t: (i64, (i64, i64)),
    bx: Box<i64>,
    e: Result<i64, i64>,
}

#[memoize]
impl S {
    fn new() -> S {
        S {
            a: 1,
            b: 2,
            v: vec![1, 2],
            o: Some(3),
            arr: [1, 2, 3],
            w: W { n: 0 },
            it: It { n: 0 },
            s: String::new(),
            t: (1, (2, 3)),
            bx: Box::new(1),
            e: Ok(1),
        }
    }
    #[memoize]
    fn ga(&self) -> i64 {
        self.a
    }
    #[memoize]
    fn gb(&self) -> i64 {
        self.b
    }
    #[memoize]
    fn gv(&self) -> Vec<i64> {
        self.v.clone()
    }
    #[memoize]
    fn go(&self) -> Option<i64> {
        self.o
    }
    #[memoize]
    fn garr(&self) -> [i64; 3] {
        self.arr
    }
    #[memoize]
    fn gw(&self) -> W {
        self.w.clone()
    }
    #[memoize]
    fn git(&self) -> It {
        self.it.clone()
    }
    #[memoize]
    fn gs(&self) -> String {
        self.s.clone()
    }
    #[memoize]
    fn gt(&self) -> (i64, (i64, i64)) {
        self.t
    }
    #[memoize]
    fn gbx(&self) -> i64 {
        *self.bx
    }
    #[memoize]
    fn ge(&self) -> Result<Result<i64, i64>, ()> {
        Ok(self.e)
    }
    fn bad(&self) -> Vec<&'static str> {
        let mut bad = vec![];
        if self.ga() != self.a {
            bad.push("a")
        }
        if self.gb() != self.b {
            bad.push("b")
        }
        if self.gv() != self.v {
            bad.push("v")
        }
        if self.go() != self.o {
            bad.push("o")
        }
        if self.garr() != self.arr {
            bad.push("arr")
        }
        if self.gw() != self.w {
            bad.push("w")
        }
        if self.git() != self.it {
            bad.push("it")
        }
        if self.gs() != self.s {
            bad.push("s")
        }
        if self.gt() != self.t {
            bad.push("t")
        }
        if self.gbx() != *self.bx {
            bad.push("bx")
        }
        if self.ge().unwrap() != self.e {
            bad.push("e")
        }
        bad
    }
    fn set_a(&mut self, a: i64) {
        self.a = a
    }
    // methods named like harmless ones
    fn w01(&mut self) {
        self.w.len();
    }
    fn w02(&mut self) {
        self.w.iter();
    }
    fn w03(&mut self) {
        self.w.clone_it();
    }
    fn w04(&mut self) {
        self.w.get(1);
    }
    fn w05(&mut self) {
        self.w.is_empty();
    }
    fn w06(&mut self) {
        self.w.to_string();
    }
    fn w07(&mut self) {
        let o = W::default();
        self.w.eq(&o);
    }
    fn w08(&mut self) {
        self.w.cmp(&W::default());
    }
    fn w09(&mut self) {
        self.w.as_ref();
    }
    fn w10(&mut self) {
        write!(self.w, "x").unwrap();
    }
    fn w11(&mut self) {
        self.w.sum();
    }
    fn w12(&mut self) {
        self.w.hash();
    }
    fn w13(&mut self) {
        !&mut self.w;
    }
    fn w14(&mut self) {
        -&mut self.w;
    }
    fn w15(&mut self) {
        &mut self.w + 2;
    }
    fn w16(&mut self) {
        &mut self.w << 2;
    }
    fn w17(&mut self) {
        self.w += 2;
    }
    fn w18(&mut self) {
        *self.w = 2;
    }
    fn w19(&mut self) {
        self.w[0] = 2;
    }
    fn w20(&mut self) {
        self.w[0].touch();
    }
    fn w21(&mut self) {
        self.w.touch();
    }
    fn w22(&mut self) {
        for _ in &mut self.w {}
    }
    fn w23(&mut self) {
        for _ in self.it.by_ref() {}
    }
    fn w24(&mut self) {
        while let Some(_) = self.it.next() {}
    }
    fn w25(&mut self) {
        let _ = self.it.by_ref().count();
    }
    fn w26(&mut self) {
        self.a.touch();
    }
    fn w27(&mut self) {
        self.v.touch();
    }
    fn w28(&mut self) {
        self.v.first();
        self.o.is_some();
    }
    fn w29(&mut self) {
        let v = &mut self.v;
        v.len();
        v.first();
    }
    fn w30(&mut self) {
        let a = &mut self.a;
        a.peek();
    }
    fn w31(&mut self) {
        (&mut self.v).own();
        (&mut self.a).own();
    }
    fn w32(&mut self) {
        (&mut self.v).len();
    }
    fn w33(&mut self) {
        assert!((&mut self.v).len() > 0);
    }
    fn w34(&mut self) {
        assert_eq!((&mut self.a).own(), 1);
    }
    fn w35(&mut self) {
        let _ = format!("{}", (&mut self.a).own());
    }
    fn w36(&mut self) {
        let _ = vec![(&mut self.a).own(); 2];
    }
    fn w37(&mut self) {
        let _ = matches!(self.o.insert(4), x if { *x == 1 });
    }
    fn w38(&mut self) {
        let _ = matches!((&mut self.a).own(), 1);
    }
    fn w39(&mut self) {
        *dbg!(&mut self.a) += 1;
    }
    fn w40(&mut self) {
        dbg!(self).a += 1;
    }
    fn w41(&mut self) {
        let _ = format!(
            "{x}",
            x = {
                self.a += 1;
                self.a
            }
        );
    }
    fn w42(&mut self) {
        writeln!(self.s, "{}", {
            self.a += 1;
            self.a
        })
        .unwrap();
    }
    // patterns
    fn p01(&mut self) {
        match self {
            S { a, .. } => *a += 1,
        }
    }
    fn p02(&mut self) {
        let S { a, .. } = self;
        *a += 1;
    }
    fn p03(&mut self) {
        if let Self { o: Some(x), .. } = self {
            *x += 1
        }
    }
    fn p04(&mut self) {
        let Self { a: ref mut q, .. } = *self;
        *q += 1;
    }
    fn p05(&mut self) {
        let r @ S { .. } = self;
        r.a += 1;
    }
    fn p06(&mut self) {
        let [x, ..] = &mut self.arr;
        *x += 1;
    }
    fn p07(&mut self) {
        let (x, y) = (&mut self.a, &mut self.b);
        std::mem::swap(x, y);
    }
    fn p08(&mut self) {
        match self.o {
            ref mut q @ Some(_) => *q = None,
            None => {}
        }
    }
    fn p09(&mut self) {
        match &mut self.e {
            Ok(x) | Err(x) => *x += 1,
        }
    }
    fn p10(&mut self) {
        let (_, (x, _)) = &mut self.t;
        *x += 1;
    }
    fn p11(&mut self) {
        let Some(x) = &mut self.o else { return };
        *x += 1;
    }
    fn p12(&mut self) {
        let Some(x) = self.o.as_mut() else { return };
        *x += 1;
    }
    fn p13(&mut self) {
        if let Some(x) = &mut self.o
            && *x > 0
            && let y = &mut self.a
        {
            *x += 1;
            *y += 1
        }
    }
    fn p14(&mut self) {
        let [.., x @ 3] = &mut self.arr else { return };
        *x += 1;
    }
    fn p15(&mut self) {
        let pat!(x) = self;
        *x += 1;
    }
    fn p16(&mut self) {
        match self {
            pat!(x) if *x > -99 => *x += 1,
            _ => {}
        }
    }
    fn p17(Self { a, .. }: &mut Self) {
        *a += 1
    }
    fn p18(&mut S { ref mut a, .. }: &mut S) {
        *a += 1
    }
    fn p19(&mut self) {
        (|S { a, .. }: &mut S| *a += 1)(self)
    }
    fn p20(&mut self) {
        let f = |s: &mut Self| s.a += 1;
        f(self);
        f(&mut *self);
    }
    fn p21(&mut self) {
        while let Self { a: x @ ..=5, .. } = self {
            *x += 1
        }
    }
    fn p22(&mut self) {
        for Self { a, .. } in [self] {
            *a += 1
        }
    }
    fn p23(&mut self) {
        let &mut S { ref mut a, ref mut b, .. } = self;
        *a += 1;
        *b += 1
    }
    fn p24(&mut self) {
        (self.a, self.b) = (5, 6);
    }
    fn p25(&mut self) {
        [self.a, _, self.b] = [7, 8, 9];
    }
    fn p26(&mut self) {
        (S { a: self.a, .. }) = S::new();
    }
    fn p27(&mut self) {
        (self.t.0, ..) = (5, 6, 7);
    }
    fn p28(&mut self) {
        for self_a in [&mut self.a] {
            *self_a += 1
        }
    }
    fn p29(&mut self) {
        let ref mut r = self.a;
        *r += 1;
    }
    fn p30(&mut self) {
        let mut this = self;
        let ref mut r = this;
        r.a += 1;
    }
    fn p31(&mut self) {
        let (ref mut r, _) = (&mut *self, 1);
        r.a += 1;
    }
    fn p32(&mut self) {
        match (&mut self.a, 1) {
            (x, 1) => *x += 1,
            _ => {}
        }
    }
    fn p33(&mut self) {
        let W { n } = &mut self.w;
        *n += 1
    }
    // flow
    fn f01(&mut self) {
        let r = 'l: {
            if self.b > 100 {
                break 'l &mut self.b;
            }
            &mut self.a
        };
        *r += 1;
    }
    fn f02(&mut self) {
        let r = loop {
            break &mut self.a;
        };
        *r += 1;
    }
    fn f03(&mut self, x: i64) {
        let r = match x {
            0 => &mut self.a,
            _ => &mut self.b,
        };
        *r += 1;
    }
    fn f04(&mut self) {
        let r = if true { &mut self.a } else { &mut self.b };
        *r += 1;
    }
    fn f05(&mut self) {
        let f = move || {
            let r = self;
            &mut r.a
        };
        fn once<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        *once(f) += 1;
    }
    fn f06(&mut self) {
        let mut f = move || self.a += 1;
        f();
    }
    fn f07(&mut self) {
        *unsafe { &mut *(&raw mut self.a) } += 1
    }
    fn f08(&mut self) {
        let p = std::ptr::addr_of_mut!(self.a);
        unsafe { *p += 1 }
    }
    fn f09(&mut self) {
        let p = self as *mut Self;
        unsafe { (*p).a += 1 }
    }
    fn f10(&mut self) {
        let p: *mut Self = self;
        unsafe { (*p).a += 1 }
    }
    fn f11(&mut self) {
        let p = &raw mut *self;
        unsafe { (*p).a += 1 }
    }
    fn f12(&mut self) {
        let p = &self.a as *const i64 as *mut i64;
    }
    fn f13(&mut self) {
        std::cell::Cell::from_mut(&mut self.a).set(4);
    }
    fn f14(&mut self) {
        let c = std::cell::Cell::from_mut(self);
        let mut x = S::new();
        x.a = 77;
        c.set(x);
    }
    fn f15(&mut self) {
        let t = &mut *self;
        t.a += 1
    }
    fn f16(&mut self) {
        let t = &mut (*self).a;
        *t += 1
    }
    fn f17(&mut self) {
        (self).a += 1;
        ((*self).b) += 1;
    }
    fn f18(&mut self) {
        { self }.a += 1;
    }
    fn f19(&mut self) {
        (&mut *self).a += 1
    }
    fn f20(&mut self) {
        let f = Self::set_a;
        f(self, 11)
    }
    fn f21(&mut self) {
        [Self::set_a][0](self, 12)
    }
    fn f22(&mut self) {
        let f: fn(&mut Self, i64) = <Self>::set_a;
        (f)(&mut *self, 13)
    }
    fn f23(&mut self) {
        <S as Touch>::touch(self);
    }
    fn f24(&mut self) {
        Touch::touch(self);
    }
    fn f25(&mut self) {
        let t: &mut dyn Touch = self;
        t.touch();
    }
    fn f26(&mut self) {
        fn poke(s: &mut S) {
            s.a += 1
        }
        poke(self)
    }
    fn f27(&mut self) {
        impl S {
            fn zz(&mut self) {
                self.a += 1
            }
        }
        self.zz()
    }
    fn f28(&mut self) {
        *self = Self { a: 5, ..self.clone() }
    }
    fn f29(&mut self) {
        *self = S { a: 15, ..std::mem::replace(self, S::new()) }
    }
    fn f30(&mut self) {
        let x: &mut S = BorrowMut::borrow_mut(self);
        x.a += 1
    }
    fn f31(&mut self) {
        place!(self) += 1
    }
    fn f32(&mut self) {
        stmts!(self);
    }
    fn f33(&mut self) {
        outer!(self)
    }
    fn f34(&mut self) {
        let x: mutref!(S) = self;
        x.a += 1
    }
    fn f35(&mut self) {
        let x = self as mutref!(S);
        x.a += 1
    }
    fn f36(&mut self) {
        let x = identity(self);
        x.a += 1
    }
    fn f37(&mut self) {
        Some(self).map(|s| s.a += 1);
    }
    fn f38(&mut self) {
        Some(&mut self.a).map(|s| *s += 1);
    }
    fn f39(&mut self) {
        let f = |x: &mut i64| *x += 1;
        f(&mut self.a)
    }
    fn f40(&mut self) {
        std::iter::repeat_with(|| {
            self.a += 1;
            self.a
        })
        .take(2)
        .count();
    }
    fn f41(&mut self) {
        let v = &mut self.v;
        {
            let v = 3;
        }
        v.push(1)
    }
    fn f42(&mut self) {
        let a = &mut self.a;
        let b = a;
        *b += 1
    }
    fn f43(&mut self) {
        *(&mut self.arr)[1..].last_mut().unwrap() += 1
    }
    fn f44(&mut self) {
        self.arr.iter_mut().for_each(|x| *x += 1)
    }
    fn f45(&mut self) {
        *self.bx += 1
    }
    fn f46(&mut self) {
        let x: &mut i64 = &mut self.bx;
        *x += 1
    }
    fn f47(&mut self) {
        self.v.extend_from_slice(&[1]);
        self.v.drain(..);
    }
    fn f48(&mut self) {
        let _ = std::mem::take(&mut self.v).into_iter().map(|x| self.a += x).count();
    }
    fn f49(&mut self) {
        std::mem::swap(&mut self.a, &mut self.b)
    }
    fn f50(&mut self) -> Option<()> {
        self.a += 1;
        None?;
        Some(())
    }
    fn f51(&mut self) {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.a += 1;
            self.ga();
            panic!()
        }));
    }
    fn f52(&mut self) {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            assert!(false, "{}", {
                self.a += 1;
                1
            })
        }));
    }
    fn f53(&mut self) {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            panic!("{}", {
                self.a += 1;
                1
            })
        }));
    }
    fn f54(&mut self) {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            todo!("{}", {
                self.a += 1;
                1
            })
        }));
    }
    fn f55(&mut self) {
        let mut x = [self];
        x[0].a += 1;
    }
    fn f56(&mut self) {
        let x = (1, self);
        x.1.a += 1;
    }
    fn f57(&mut self) {
        let x = Box::new(self);
        x.a += 1;
    }
    fn f58(&mut self) {
        async fn f(s: &mut S) {
            s.a += 1
        }
        block(f(self))
    }
    fn f59(&mut self) {
        block(async { self.a += 1 })
    }
    fn f60(&mut self) {
        block(async move {
            let s = self;
            s.a += 1
        })
    }
    fn f61(&mut self) {
        std::thread::scope(|sc| {
            sc.spawn(|| self.a += 1);
        })
    }
    fn f62(&mut self) {
        let r#self_ = self;
        self_.a += 1
    }
    fn f63(&mut self) {
        const {};
        let x = {
            let y = &mut self.a;
            y
        };
        *x += 1
    }
    fn f64(&mut self) {
        return self.a += 1;
    }
    fn f65(&mut self) {
        let x = &mut self.t.1.0;
        *x += 1
    }
    fn f66(&mut self) {
        let x = &mut self.t;
        let y = &mut x.1;
        y.1 += 1
    }
    fn f67(&mut self) {
        std::mem::forget(std::mem::replace(&mut self.v, vec![]))
    }
    fn f68(&mut self) {
        self.s = format!("{}{}", self.s, "x")
    }
    fn f69(&mut self) {
        use std::fmt::Write;
        (&mut self.s).write_str("abc").unwrap()
    }
    fn f70(&mut self) {
        struct D<'a>(&'a mut i64);
        impl Drop for D<'_> {
            fn drop(&mut self) {
                *self.0 += 1
            }
        }
        let d = D(&mut self.a);
    }
    fn g01<T: Into<i64>>(&mut self, t: T) {
        self.a = t.into()
    }
    fn g02<const N: i64>(&mut self) {
        self.a = N
    }
    fn g03(self: &mut S) {
        self.a += 1
    }
    fn g04(this: &mut Self) {
        this.a += 1
    }
    fn g05(&mut self)
    where
        Self: Sized,
    {
        self.a += 1
    }
    fn g06(mut self: Pin<&mut Self>) {
        self.a += 1
    }
    fn g07(self: Pin<&mut Self>) {
        self.get_mut().a += 1
    }
    fn g08(mut self: Pin<&mut Self>) {
        self.as_mut().get_mut().a += 1
    }
    fn g09(self: Pin<&mut Self>) {
        let S { a, .. } = self.get_mut();
        *a += 1
    }
    fn g10(mut self: Pin<&mut Self>) {
        let mut x = self.as_mut();
        x.a += 1;
        x.set(S::new())
    }
    fn g11(&mut self, f: impl FnOnce(&mut Self)) {
        f(self)
    }
    fn g12(&mut self, f: &mut dyn FnMut(&mut i64)) {
        f(&mut self.a)
    }
}
fn identity<T>(t: T) -> T {
    t
}
fn block(f: impl Future<Output = ()>) {
    let mut f = std::pin::pin!(f);
    let _ = f.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
}
macro_rules! all { ($($n:ident)*) => { vec![$((stringify!($n), Box::new(|s: &mut S| { s.$n(); }) as Box<dyn Fn(&mut S)>)),*] } }
#[test]
fn is_seen() {
    let mut all = all! { w01 w02 w03 w04 w05 w06 w07 w08 w09 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20 w21 w22 w23 w24 w25 w26 w27 w28 w29 w30 w31 w32 w33 w34 w35 w36 w37 w38 w39 w40 w41 w42
    p01 p02 p03 p04 p05 p06 p07 p08 p09 p10 p11 p12 p13 p14 p15 p16 p19 p20 p21 p22 p23 p24 p25 p26 p27 p28 p29 p30 p31 p32 p33
    f01 f02 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24 f25 f26 f27 f28 f29 f30 f31 f32 f33 f34 f35 f36 f37 f38 f39 f40 f41 f42 f43 f44 f45 f46 f47 f48 f49 f50 f51 f52 f53 f54 f55 f56 f57 f58 f59 f60 f61 f62 f63 f64 f65 f66 f67 f68 f69 f70 g03 g05 };
    all.push(("p17", Box::new(|s| S::p17(s))));
    all.push(("p18", Box::new(|s| S::p18(s))));
    all.push(("f03", Box::new(|s| s.f03(0))));
    all.push(("g01", Box::new(|s| s.g01(99))));
    all.push(("g02", Box::new(|s| s.g02::<98>())));
    all.push(("g04", Box::new(|s| S::g04(s))));
    all.push(("g06", Box::new(|s| Pin::new(s).g06())));
    all.push(("g07", Box::new(|s| Pin::new(s).g07())));
    all.push(("g08", Box::new(|s| Pin::new(s).g08())));
    all.push(("g09", Box::new(|s| Pin::new(s).g09())));
    all.push(("g10", Box::new(|s| Pin::new(s).g10())));
    all.push(("g11", Box::new(|s| s.g11(|s| s.a += 1))));
    all.push(("g12", Box::new(|s| s.g12(&mut |a| *a += 1))));
    let mut bad = vec![];
    for (n, f) in &all {
        let mut s = S::new();
        assert!(s.bad().is_empty());
        f(&mut s);
        if !s.bad().is_empty() {
            bad.push((n, s.bad()))
        }
        f(&mut s);
        if !s.bad().is_empty() {
            bad.push((n, s.bad()))
        }
    }
    assert!(bad.is_empty(), "{bad:?}");
}
