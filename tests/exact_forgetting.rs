//! A method forgets what depends on the fields that it changes, and nothing else.

#![allow(
    clippy::borrow_deref_ref,
    clippy::deref_addrof,
    clippy::explicit_auto_deref,
    clippy::infallible_destructuring_match,
    clippy::items_after_statements,
    clippy::match_ref_pats,
    clippy::match_single_binding,
    clippy::needless_borrow,
    clippy::semicolon_if_nothing_returned,
    clippy::single_match,
    clippy::toplevel_ref_arg,
    clippy::useless_vec,
    reason = "the spelling is what is tested"
)]

use std::{
    cell::Cell,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use memo_runtime::memoize;

/// `a`, `b` and `c` have a cache each; what is left after a method ran?
macro_rules! left {
    ($name:ident, $expected:literal, |$s:ident| $body:expr) => {
        #[test]
        fn $name() {
            let mut object = Abc::new();
            let $s = &mut object;
            $s.warm();
            let _ = $body;
            let left: String = [
                ("a", $s.of_a_cache().is_empty()),
                ("b", $s.of_b_cache().is_empty()),
                ("c", $s.of_c_cache().is_empty()),
            ]
            .into_iter()
            .filter(|(_, empty)| !empty)
            .map(|(name, _)| name)
            .collect();
            $s.check();
            assert_eq!(left, $expected);
        }
    };
}

#[derive(Clone, Debug, PartialEq)]
#[allow(unpredictable_function_pointer_comparisons, reason = "it is one function")]
struct Part {
    n: u32,
    list: Vec<u32>,
    pair: (u32, u32),
    f: fn(u32) -> u32,
}

#[memoize]
struct Abc {
    a: Part,
    b: Part,
    r#c: Part,
    #[memoize(untracked)]
    runs: Cell<u32>,
}

macro_rules! evil {
    ($s:ident . $f:ident) => {
        $s.b.n += 1
    };
    ($s:ident) => {
        $s.b.n += 1
    };
}
macro_rules! harmless {
    ($e:expr) => {
        $e + 1
    };
}

#[memoize]
impl Abc {
    fn part() -> Part {
        Part { n: 1, list: vec![1, 2], pair: (1, 2), f: |x| x }
    }
    fn new() -> Self {
        Self { a: Self::part(), b: Self::part(), c: Self::part(), runs: Cell::new(0) }
    }
    #[memoize(returns = "ref")]
    fn of_a(&self) -> Part {
        self.a.clone()
    }
    #[memoize]
    fn of_b(&self) -> Part {
        self.b.clone()
    }
    #[memoize(unsync)]
    fn of_c(&self) -> Part {
        self.r#c.clone()
    }
    fn see_a(&self) -> &Part {
        &self.a
    }
    fn warm(&self) {
        self.of_a();
        self.of_b();
        self.of_c();
    }
    fn check(&self) {
        assert_eq!(*self.of_a(), self.a);
        assert_eq!(self.of_b(), self.b);
        assert_eq!(self.of_c(), self.c);
    }

    fn assign(&mut self) {
        self.a.n = 2;
    }
    fn assign_op(&mut self) {
        self.a.list[self.b.n as usize] += self.c.n;
    }
    fn assign_deref(&mut self) {
        *(&mut self.a.n) = 3;
    }
    fn destructuring(&mut self) {
        (self.a.n, [self.b.n, _], Part { n: self.c.n, .. }) = (5, [6, 7], Self::part());
    }
    fn destructuring_two(&mut self) {
        (self.a.n, self.b.n) = (self.b.n, 9);
    }
    fn parens(&mut self) {
        (self).a.n = 2;
        (*self).b.n = 3;
        ((self.c).n) = 4;
    }
    fn method(&mut self) {
        self.a.list.push(self.b.n);
    }
    fn read_by_borrow(&mut self) -> usize {
        self.a.n += 1;
        (&self.b.list).len()
    }
    fn read_by_loop(&mut self) {
        for n in &self.b.list {
            self.a.n += *n;
        }
    }
    fn write_by_loop(&mut self) {
        for n in &mut self.b.list {
            *n += self.a.n;
        }
    }
    fn ref_mut(&mut self) {
        let ref mut n = self.a.n;
        *n += 1;
    }
    fn ref_mut_in_match(&mut self) {
        match self.a.pair {
            (ref mut x, _) => *x += 1,
        }
    }
    fn ref_mut_in_if(&mut self) {
        if let (1, ref mut y) = self.a.pair {
            *y += 1
        }
    }
    fn match_on_copy(&mut self) {
        match self.a.pair {
            (1, y) => self.b.n = y,
            _ => {}
        }
    }
    fn raw(&mut self) {
        let p = &raw mut self.a.n;
        let _ = p;
    }
    fn unsafe_code(&mut self) {
        let p = &raw const self.a.n;
        unsafe { *p.cast_mut() += 1 }
    }
    fn alias(&mut self) {
        let this = self;
        this.b.n += 1;
    }
    fn alias_of_part(&mut self) {
        let part = &mut self.b;
        part.n += 1;
    }
    fn match_self(&mut self) {
        match self {
            Self { b, .. } => b.n += 1,
        }
    }
    fn let_self(&mut self) {
        let Self { b: Part { n, .. }, .. } = self;
        *n += 1;
    }
    fn take(&mut self) {
        let old = std::mem::replace(self, Self::new());
        self.b.n = old.b.n + 1;
    }
    fn replace_part(&mut self) {
        std::mem::swap(&mut self.a, &mut self.b);
    }
    fn closure(&mut self) {
        let mut f = || self.a.n += 1;
        f();
    }
    fn closure_moved(&mut self) -> impl FnMut() -> u32 + '_ {
        move || {
            self.a.n += 1;
            self.of_b().n
        }
    }
    fn closure_overlapping(&mut self) -> impl FnMut() -> u32 + '_ {
        move || {
            self.b.n += 1;
            let seen = self.of_b().n;
            self.b.n += 1;
            seen
        }
    }
    fn call_field(&mut self) {
        self.a.n = (self.b.f)(1);
    }
    fn std_macros(&mut self) -> String {
        let v = vec![self.a.n, self.b.n];
        assert!(self.c.n > 0 && !v.is_empty());
        self.a.n = 7;
        format!("{} {:?} {x}", self.b.n, self.c.list, x = self.c.n)
    }
    fn macro_that_writes(&mut self) {
        assert_eq!(
            {
                self.a.n += 1;
                1
            },
            1
        );
    }
    fn write_to(&mut self) {
        use std::fmt::Write;
        let _ = write!(Text(&mut self.a.n), "{}", self.b.n);
    }
    fn matches_writes(&mut self) -> bool {
        matches!(self.a.pair, (ref mut x, _) if *x > 0)
    }
    fn user_macro_field(&mut self) {
        evil!(self.a);
    }
    fn user_macro(&mut self) {
        evil!(self);
    }
    fn user_macro_of_local(&mut self) {
        let n = self.b.n;
        self.a.n = harmless!(n);
    }
    fn inner_macro(&mut self) {
        macro_rules! bump {
            () => {
                self.b.n += 1
            };
        }
        bump!();
    }
    fn captured(&mut self) {
        let text = format!("{self}");
        self.a.n = text.len() as u32;
    }
    fn nested_item(&mut self) {
        fn helper(part: &mut Part) {
            part.n += 1;
        }
        helper(&mut self.a);
    }
    fn nested_impl(&mut self) {
        struct X;
        impl X {
            fn x(&self) -> u32 {
                let _ = self;
                1
            }
        }
        self.a.n = X.x();
    }
    fn through_function(&mut self) {
        Self::bump(&mut self.a);
        Self::look(&self.b);
    }
    fn bump(part: &mut Part) {
        part.n += 1;
    }
    fn look(_: &Part) {}
    fn by_path(&mut self) {
        Self::assign(self);
        Abc::set_b(self, 4);
    }
    fn by_other_path(&mut self) {
        <Self as Bump>::bump_c(self);
    }
    fn by_trait(&mut self) {
        self.bump_c();
    }
    fn set_b(&mut self, n: u32) {
        self.b.n = n;
    }
    fn calls_setters(&mut self) {
        self.assign();
        let seen = self.of_b().n;
        self.set_b(seen + 1);
        assert_eq!(self.of_b().n, seen + 1);
    }
    fn borrow_a(&mut self) -> &mut u32 {
        let _ = self.of_b();
        &mut self.a.n
    }
    fn borrow_by_callee(&mut self) {
        *self.borrow_a() += self.b.n;
        let n = self.borrow_a();
        *n += 1;
    }
    fn pass_closure(&mut self, f: impl FnOnce(&mut Part)) {
        let _ = self.of_a();
        f(&mut self.a)
    }
    fn pass_self(&mut self, f: impl FnOnce(&mut Self)) {
        f(self)
    }
    fn only_read(&mut self) -> u32 {
        self.a.n + self.b.n
    }
    fn only_untracked(&mut self) {
        self.runs.set(5);
        self.runs = Cell::new(3);
    }
    fn see(&mut self) -> u32 {
        self.b.n = self.see_a().n;
        self.see_a().n
    }
    fn unknown_method(&mut self) {
        self.outside();
    }
    fn nothing(&mut self) {}
    async fn later(&mut self) -> u32 {
        self.a.n += 1;
        yield_now().await;
        let seen = self.of_b().n;
        self.a.n += 1;
        seen
    }
    async fn later_overlapping(&mut self) -> u32 {
        self.b.n += 1;
        yield_now().await;
        let seen = self.of_b().n;
        self.b.n += 1;
        seen
    }
    fn later_block(&mut self) -> impl Future<Output = u32> + '_ {
        async move {
            self.b.n += 1;
            let seen = self.of_b().n;
            yield_now().await;
            self.b.n += 1;
            seen
        }
    }
    fn other(&mut self, other: &mut Self) {
        self.a.n = other.b.n;
        other.c.n = 5;
    }
    fn give(&self, other: &mut Abc) {
        other.a.n = self.b.n;
        assert_eq!(other.of_a().n, self.b.n);
        other.a.n += 1;
    }
    fn by_value(mut self) -> Self {
        self.a.n = 8;
        self
    }
    fn consumed(self) -> Part {
        self.a
    }
    fn nested_guards(&mut self) {
        self.b.n += 1;
        self.of_b();
        self.inner_guard();
        self.of_c();
        self.of_a();
        self.b.n += 1;
    }
    fn inner_guard(&mut self) {
        self.a.n += 1;
        self.of_a();
        self.a.n += 1;
    }
    fn conditional(&mut self, yes: bool) {
        if yes {
            self.a.n += 1;
        } else {
            return;
        }
        self.b.n += 1;
    }
    fn ranges(&mut self) {
        for i in self.b.n..self.b.n + 2 {
            self.a.n += i;
        }
    }
    fn shadowing(&mut self) {
        let a = &mut self.b;
        a.n += 1;
    }
    fn loop_let(&mut self) {
        while let Some(n) = self.a.list.pop() {
            self.c.n += n;
        }
    }
    fn struct_update(&mut self) {
        self.a = Part { n: self.b.n, ..self.a.clone() };
    }
}

struct Text<'a>(&'a mut u32);
impl std::fmt::Write for Text<'_> {
    fn write_str(&mut self, s: &str) -> std::fmt::Result {
        *self.0 += s.len() as u32;
        Ok(())
    }
}
impl std::fmt::Display for Abc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.of_a().n)
    }
}
impl Abc {
    fn outside(&mut self) {
        self.b.n += 1;
    }
}
trait Bump {
    fn bump_c(&mut self);
}
#[memoize]
impl Bump for Abc {
    fn bump_c(&mut self) {
        self.c.n += 1;
    }
}

async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(move |_| {
        if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

left!(assign, "bc", |s| s.assign());
left!(assign_op, "bc", |s| s.assign_op());
left!(assign_deref, "bc", |s| s.assign_deref());
left!(destructuring, "", |s| s.destructuring());
left!(destructuring_two, "c", |s| s.destructuring_two());
left!(parens, "", |s| s.parens());
left!(method, "bc", |s| s.method());
left!(read_by_borrow, "bc", |s| s.read_by_borrow());
left!(read_by_loop, "bc", |s| s.read_by_loop());
left!(write_by_loop, "ac", |s| s.write_by_loop());
left!(ref_mut, "bc", |s| s.ref_mut());
left!(ref_mut_in_match, "bc", |s| s.ref_mut_in_match());
left!(ref_mut_in_if, "bc", |s| s.ref_mut_in_if());
left!(match_on_copy, "ac", |s| s.match_on_copy());
left!(raw, "bc", |s| s.raw());
left!(unsafe_code, "", |s| s.unsafe_code());
left!(alias, "", |s| s.alias());
left!(alias_of_part, "ac", |s| s.alias_of_part());
left!(match_self, "", |s| s.match_self());
left!(let_self, "", |s| s.let_self());
left!(take, "", |s| s.take());
left!(replace_part, "c", |s| s.replace_part());
left!(closure, "bc", |s| s.closure());
left!(closure_moved, "bc", |s| {
    let mut f = s.closure_moved();
    f();
    f()
});
left!(closure_overlapping, "ac", |s| {
    let mut f = s.closure_overlapping();
    assert_eq!((f(), f()), (2, 4))
});
left!(call_field, "c", |s| s.call_field());
left!(std_macros, "bc", |s| s.std_macros());
left!(macro_that_writes, "bc", |s| s.macro_that_writes());
left!(write_to, "bc", |s| s.write_to());
left!(matches_writes, "bc", |s| s.matches_writes());
left!(user_macro_field, "", |s| s.user_macro_field());
left!(user_macro, "", |s| s.user_macro());
left!(user_macro_of_local, "bc", |s| s.user_macro_of_local());
left!(inner_macro, "", |s| s.inner_macro());
left!(captured, "bc", |s| s.captured());
left!(nested_item, "bc", |s| s.nested_item());
left!(nested_impl, "", |s| s.nested_impl());
left!(through_function, "bc", |s| s.through_function());
left!(by_path, "c", |s| s.by_path());
left!(by_other_path, "", |s| s.by_other_path());
left!(by_trait, "", |s| s.by_trait());
left!(calls_setters, "bc", |s| s.calls_setters());
left!(borrow_a, "bc", |s| *s.borrow_a() = 40);
left!(borrow_by_callee, "bc", |s| s.borrow_by_callee());
left!(pass_closure, "bc", |s| s.pass_closure(|part| part.n = 40));
left!(pass_self, "", |s| s.pass_self(|s| {
    s.check();
    s.c.n = 40
}));
left!(only_read, "abc", |s| s.only_read());
left!(only_untracked, "abc", |s| s.only_untracked());
left!(see, "ac", |s| s.see());
left!(unknown_method, "", |s| s.unknown_method());
left!(nothing, "abc", |s| s.nothing());
left!(later, "bc", |s| block_on(s.later()));
left!(later_overlapping, "ac", |s| assert_eq!(block_on(s.later_overlapping()), 2));
left!(later_dropped, "ac", |s| {
    let mut future = pin!(s.later_overlapping());
    future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending()
});
left!(later_forgotten, "ac", |s| {
    let mut future = Box::pin(s.later_overlapping());
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    std::mem::forget(future)
});
left!(later_block, "ac", |s| assert_eq!(block_on(s.later_block()), 2));
left!(other_self, "bc", |s| {
    let mut other = Abc::new();
    other.warm();
    s.other(&mut other);
    other.check()
});
left!(other_argument, "ab", |s| {
    let mut other = Abc::new();
    other.other(s);
    other.check()
});
left!(give, "bc", |s| {
    let other = Abc::new();
    other.give(s);
    other.check()
});
left!(nested_guards, "ac", |s| s.nested_guards());
left!(conditional, "c", |s| s.conditional(true));
left!(ranges, "bc", |s| s.ranges());
left!(shadowing, "ac", |s| s.shadowing());
left!(loop_let, "b", |s| s.loop_let());
left!(struct_update, "bc", |s| s.struct_update());

#[test]
fn by_value() {
    let s = Abc::new();
    s.warm();
    let s = s.by_value();
    s.check();
    s.consumed();
}

/// A field that holds a `&mut` reference is written to without saying so.
mod borrowing {
    use memo_runtime::memoize;
    type Alias<'a> = &'a mut u32;
    #[memoize]
    pub struct S<'a> {
        r: &'a mut u32,
        v: Vec<&'a mut u32>,
        alias: Alias<'a>,
        shared: &'a [u32],
        n: u32,
    }
    fn set(r: &mut u32, n: u32) {
        *r = n;
    }
    #[memoize]
    impl<'a> S<'a> {
        pub fn new(r: &'a mut u32, v: &'a mut u32, alias: &'a mut u32) -> Self {
            Self { r, v: vec![v], alias, shared: &[1], n: 0 }
        }
        #[memoize]
        pub fn all(&self) -> (u32, u32, u32) {
            (*self.r, *self.v[0], *self.alias)
        }
        #[memoize]
        pub fn of_shared(&self) -> u32 {
            self.shared[0] + self.n
        }
        pub fn set_r(&mut self) {
            set(self.r, 7);
        }
        pub fn set_r_by_let(&mut self) {
            let r: &mut u32 = self.r;
            *r = 8;
        }
        pub fn set_v(&mut self) {
            set(self.v[0], 9);
        }
        pub fn set_alias(&mut self) {
            set(self.alias, 10);
        }
        pub fn use_shared(&mut self) -> u32 {
            let shared = self.shared;
            shared[0]
        }
    }
}
#[test]
fn references_are_written_to_without_saying_so() {
    let (mut r, mut v, mut alias) = (1, 2, 3);
    let mut s = borrowing::S::new(&mut r, &mut v, &mut alias);
    assert_eq!((s.all(), s.of_shared()), ((1, 2, 3), 1));
    s.set_r();
    assert_eq!(s.all(), (7, 2, 3));
    s.set_r_by_let();
    assert_eq!(s.all(), (8, 2, 3));
    s.set_v();
    assert_eq!(s.all(), (8, 9, 3));
    s.set_alias();
    assert_eq!(s.all(), (8, 9, 10));
    assert!(!s.of_shared_cache().is_empty());
    s.use_shared();
    assert!(!s.all_cache().is_empty() && !s.of_shared_cache().is_empty());
}

/// A private field that cannot be seen from here, behind which `Deref` leads to one that can.
mod hidden {
    pub mod inner {
        use memo_runtime::memoize;
        pub struct Target {
            pub x: u32,
        }
        #[memoize]
        pub struct Outer {
            x: u32,
            target: Target,
        }
        impl std::ops::Deref for Outer {
            type Target = Target;
            fn deref(&self) -> &Target {
                &self.target
            }
        }
        #[memoize]
        impl Outer {
            pub fn new() -> Self {
                Self { x: 1, target: Target { x: 2 } }
            }
            #[memoize]
            pub fn own(&self) -> u32 {
                self.x
            }
            pub fn set_target(&mut self, x: u32) {
                self.target.x = x;
            }
        }
        mod child {
            use memo_runtime::memoize;
            #[memoize]
            impl super::Outer {
                pub fn set_x(&mut self, x: u32) {
                    self.x = x;
                }
            }
        }
    }
}
mod elsewhere {
    pub mod far {
        pub struct Target {
            pub x: u32,
        }
        pub mod home {
            use memo_runtime::memoize;
            #[memoize(blocks("far"))]
            pub struct Outer {
                x: u32,
                target: super::Target,
            }
            impl std::ops::Deref for Outer {
                type Target = super::Target;
                fn deref(&self) -> &super::Target {
                    &self.target
                }
            }
            #[memoize]
            impl Outer {
                pub fn new() -> Self {
                    Self { x: 1, target: super::Target { x: 2 } }
                }
                #[memoize]
                pub fn own(&self) -> u32 {
                    self.x
                }
                pub fn set_target(&mut self, x: u32) {
                    self.target = super::Target { x };
                }
            }
        }
        use memo_runtime::memoize;
        // Here `self.x` is that of the target.
        #[memoize(block = "far")]
        impl home::Outer {
            #[memoize]
            pub fn far(&self) -> u32 {
                self.x
            }
        }
    }
}
#[test]
fn fields_that_cannot_be_seen_are_not_meant() {
    let mut outer = elsewhere::far::home::Outer::new();
    assert_eq!((outer.own(), outer.far()), (1, 2));
    outer.set_target(5);
    assert_eq!((outer.own(), outer.far()), (1, 5));
    let mut outer = hidden::inner::Outer::new();
    assert_eq!(outer.own(), 1);
    outer.set_target(7);
    assert!(!outer.own_cache().is_empty());
    outer.set_x(3);
    assert_eq!(outer.own(), 3);
}

/// More fields than bits.
mod many {
    use memo_runtime::memoize;
    macro_rules! many { ($($f:ident)*) => {
        #[memoize] pub struct Many { $($f: u32),* }
        #[memoize] impl Many {
            pub fn new() -> Self { Self { $($f: 0),* } }
            #[memoize] pub fn first(&self) -> u32 { self.f0 }
            #[memoize] pub fn last(&self) -> u32 { self.last_field }
            #[memoize] pub fn before_last(&self) -> u32 { self.before_last_field }
            #[memoize] pub fn sum(&self) -> u32 { 0 $(+ self.$f)* }
            pub fn set_last(&mut self) { self.last_field = 9; }
            pub fn set_first(&mut self) { self.f0 = 9; }
        }
    } }
    many!(f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 i0 i1 i2 i3 i4 i5 i6 i7 i8 i9 j0 j1 j2 j3 j4 j5 j6 j7 j8 j9 k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 l0 l1 l2 l3 before_last_field last_field);
}
#[test]
fn many_fields() {
    let mut m = many::Many::new();
    let warm = |m: &many::Many| {
        m.first();
        m.last();
        m.before_last();
        m.sum();
    };
    warm(&m);
    m.set_last();
    assert_eq!(
        (
            m.first_cache().len(),
            m.last_cache().len(),
            m.before_last_cache().len(),
            m.sum_cache().len()
        ),
        (1, 0, 0, 0)
    );
    warm(&m);
    m.set_first();
    assert_eq!(
        (
            m.first_cache().len(),
            m.last_cache().len(),
            m.before_last_cache().len(),
            m.sum_cache().len()
        ),
        (0, 1, 1, 0)
    );
    assert_eq!((m.last(), m.sum()), (9, 18));
}

/// Nested mutating methods with other fields each.
mod nested {
    use memo_runtime::memoize;
    #[memoize]
    pub struct N {
        p: u32,
        s: u32,
    }
    #[memoize]
    impl N {
        pub fn new() -> Self {
            Self { p: 1, s: 1 }
        }
        #[memoize(stats)]
        pub fn of_p(&self) -> u32 {
            self.p
        }
        #[memoize(stats)]
        pub fn of_s(&self) -> u32 {
            self.s
        }
        // Marks `p` while it runs, and its caller marks `s`.
        fn refit(&mut self) {
            let old = self.of_p();
            self.p = old + 1;
            assert_eq!(self.of_p(), old + 1);
            self.p += 1;
        }
        pub fn run(&mut self) {
            self.s += self.of_s();
            self.refit();
            for _ in 0..100 {
                self.s += self.of_p();
                assert_eq!(self.of_s(), self.s);
            }
        }
    }
}
#[test]
fn an_inner_change_is_over_when_it_is_over() {
    let mut n = nested::N::new();
    n.run();
    assert_eq!(n.of_p_cache().info().hits, Some(99));
    assert_eq!((n.of_p(), n.of_s()), (3, 302));
    let cold = nested::N::new();
    let mut n = cold; // marked before there are caches
    n.run();
    assert_eq!((n.of_p(), n.of_s()), (3, 302));
}

mod generic {
    use memo_runtime::memoize;
    #[memoize]
    pub struct G<'a, T: Copy, const N: usize>
    where
        T: Into<u64>,
    {
        left: [T; N],
        right: &'a [T],
        extra: u8,
    }
    #[memoize]
    impl<'a, T: Copy + Into<u64>, const N: usize> G<'a, T, N> {
        pub fn new(left: [T; N], right: &'a [T]) -> Self {
            Self { left, right, extra: 0 }
        }
        #[memoize]
        pub fn left(&self) -> u64 {
            self.left.iter().map(|&n| n.into()).sum()
        }
        #[memoize]
        pub fn right(&self) -> u64 {
            self.right.iter().map(|&n| n.into()).sum::<u64>() + u64::from(self.extra)
        }
        pub fn set(&mut self, n: T) {
            self.left[0] = n;
        }
        pub fn both(&mut self, n: T) -> u64 {
            self.left[0] = n;
            let sum = self.left() + self.right();
            self.left[0] = n;
            sum
        }
    }
}
#[test]
fn generics() {
    let right = [5_u32, 6];
    let mut g = generic::G::new([1_u32, 2], &right);
    assert_eq!((g.left(), g.right()), (3, 11));
    g.set(4);
    assert_eq!((g.left_cache().len(), g.right_cache().len()), (0, 1));
    assert_eq!(g.both(10), 23);
    assert_eq!((g.left_cache().len(), g.right_cache().len()), (0, 1));
    assert_eq!(g.left(), 12);
}

/// Methods of the standard library's types that only look.
mod looks {
    use std::collections::HashMap;

    use memo_runtime::memoize;

    /// A type whose `len` changes it.
    #[derive(Clone)]
    pub struct Counting(u32);
    impl Counting {
        fn len(&mut self) -> u32 {
            self.0 += 1;
            self.0
        }
    }

    #[memoize]
    pub struct Filter {
        kernel: Vec<f64>,
        gain: f64,
        names: HashMap<String, u32>,
        counting: Counting,
        signal: Vec<f64>,
    }

    #[memoize]
    impl Filter {
        pub fn new() -> Self {
            let names = HashMap::from([("a".to_owned(), 1)]);
            Self {
                kernel: vec![1.0, 2.0],
                gain: 4.0,
                names,
                counting: Counting(0),
                signal: vec![0.0; 2],
            }
        }
        #[memoize]
        pub fn weights(&self) -> Vec<f64> {
            let sum: u32 = self.names.values().sum();
            self.kernel.iter().map(|k| k * self.gain + f64::from(sum)).collect()
        }
        #[memoize]
        pub fn counted(&self) -> u32 {
            self.counting.0
        }
        pub fn step(&mut self) -> bool {
            let half = self.kernel.len() / 2;
            self.signal[half] = self.weights()[0] * self.gain.sqrt();
            !self.kernel.is_empty()
                && self.names.contains_key("a")
                && self.kernel.clone().len() > half
        }
        pub fn count(&mut self) -> u32 {
            self.counting.len()
        }
        pub fn grow(&mut self) {
            self.kernel.push(1.0);
        }
    }
}

#[test]
fn methods_that_look_forget_nothing() {
    let mut filter = looks::Filter::new();
    filter.counted();
    assert!(filter.step());
    assert!(!filter.weights_cache().is_empty(), "first called from inside, and kept");
    assert!(filter.step());
    assert!(!filter.weights_cache().is_empty() && !filter.counted_cache().is_empty());
    assert_eq!(filter.count(), 1);
    assert_eq!(filter.counted(), 1);
    filter.grow();
    assert_eq!(filter.weights().len(), 3);
}
