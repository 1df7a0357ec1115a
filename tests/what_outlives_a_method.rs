//! What a method gives away, by its result, an argument or a global, may go on changing the instance, and is never stale.

// The spelling is what is tested, one program a line.
#![allow(
    unused,
    mismatched_lifetime_syntaxes,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]

#[rustfmt::skip]
mod programs {
use memo_runtime::memoize;
use std::sync::*;
use std::cell::*;
use std::ops::*;
use std::sync::mpsc::*;
type F = Box<dyn FnMut() -> bool + Send>;
type FL<'a> = Box<dyn FnMut() -> bool + 'a>;
static GLOBAL: Mutex<Vec<F>> = Mutex::new(Vec::new());
thread_local!(static TL: RefCell<Vec<Box<dyn FnMut() -> bool>>> = RefCell::new(vec![]));
#[memoize]
#[derive(Clone, Default)]
struct S { a: i64, b: i64 }
type Alias = S;
trait HasMe { type Me; }
impl HasMe for S { type Me = S; }
trait Sink<T> { fn put(&mut self, t: T); }
impl<T> Sink<T> for Vec<T> { fn put(&mut self, t: T) { self.push(t) } }
struct Hidden<'a>(Box<dyn FnMut() -> bool + 'a>);
impl<'a> From<Box<dyn FnMut() -> bool + 'a>> for Hidden<'a> { fn from(f: Box<dyn FnMut() -> bool + 'a>) -> Self { Hidden(f) } }
trait Out<'a> { type O; fn make(f: FL<'a>) -> Self::O; }
impl<'a> Out<'a> for () { type O = FL<'a>; fn make(f: FL<'a>) -> FL<'a> { f } }
struct Table([i64; 2]);
impl Index<&S> for Table { type Output = i64; fn index(&self, i: &S) -> &i64 { i.ga(); &self.0[0] } }
struct E;
impl From<&S> for E { fn from(s: &S) -> E { s.ga(); E } }
#[memoize]
impl S {
    #[memoize] fn ga(&self) -> i64 { self.a }
    fn ok(&self) -> bool { self.ga() == self.a }
    fn b01(self) { *GLOBAL.lock().unwrap() = vec![Box::new({ let mut me = self; move || { me.ga(); me.a += 1; me.ga() == me.a } })]; }
    fn b02(&'static mut self) { GLOBAL.lock().unwrap().push(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })); }
    fn b03(&'static mut self) -> std::thread::JoinHandle<bool> { std::thread::spawn(move || { std::thread::sleep(std::time::Duration::from_millis(50)); self.ga(); self.a += 1; self.ga() == self.a }) }
    fn b04(mut self) -> std::thread::JoinHandle<bool> { std::thread::spawn(move || { std::thread::sleep(std::time::Duration::from_millis(50)); self.ga(); self.a += 1; self.ga() == self.a }) }
    fn b05(mut self, tx: &Sender<F>) { tx.send(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })).unwrap() }
    fn b06(mut self, tx: Sender<F>) -> bool { tx.send(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })).is_ok() }
    fn b07(mut self, cell: &RefCell<Vec<F>>) { cell.borrow_mut().push(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b08(mut self, sink: &mut impl Sink<F>) { sink.put(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b09(mut self, sink: &mut dyn FnMut(F)) { sink(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b10(mut self) { TL.with(|t| t.borrow_mut().push(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a }))) }
    fn b11<'a>(&'a mut self, sink: &mut impl Sink<FL<'a>>) { sink.put(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b12<'a>(&'a mut self, cell: &Cell<Option<FL<'a>>>) { cell.set(Some(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a }))) }
    fn b13<'a, T: From<FL<'a>>>(&'a mut self) -> T { let f: FL<'a> = Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a }); T::from(f) }
    fn b14(&mut self) -> Hidden { Hidden(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b15<'a>(&'a mut self) -> <() as Out<'a>>::O { Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a }) }
    fn b16<'a, X: Out<'a>>(&'a mut self) -> X::O { X::make(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b17<'a>(&'a mut self, ch: &std::sync::mpsc::Sender<FL<'a>>) -> u8 { ch.send(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })).unwrap(); 1 }
    fn b18<'a>(&'a mut self) -> Result<(), FL<'a>> { Err(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b19<'a>(&'a mut self, k: impl FnOnce(FL<'a>)) { k(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b20<'a>(&'a mut self, k: fn(FL<'a>) -> FL<'a>) -> FL<'a> { k(Box::new(move || { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn b21(&mut self) -> impl FnMut() -> bool + use<'_> { let me = self; move || { me.ga(); me.a += 1; me.ga() == me.a } }
    fn b22(&mut self) -> impl AsyncFnMut() -> bool { async move || { self.ga(); self.a += 1; Y(false).await; self.ga(); self.a += 1; self.ga() == self.a } }
    fn b23(&mut self) -> std::iter::FromFn<impl FnMut() -> Option<bool>> { std::iter::from_fn(move || { self.ga(); self.a += 1; Some(self.ga() == self.a) }) }
    fn b24(&mut self) -> std::iter::Map<std::ops::Range<i32>, impl FnMut(i32) -> bool> { (0..3).map(|_| { self.ga(); self.a += 1; self.ga() == self.a }) }
    fn b25(&mut self) -> std::vec::IntoIter<Box<dyn FnMut() -> bool + '_>> { let v: Vec<Box<dyn FnMut() -> bool + '_>> = vec![Box::new(|| { self.ga(); self.a += 1; self.ga() == self.a })]; v.into_iter() }
    fn b26(&mut self) -> std::sync::LazyLock<bool, impl FnOnce() -> bool> { LazyLock::new(|| { self.ga(); self.a += 1; self.ga() == self.a }) }
    fn b27(&mut self) -> std::cell::LazyCell<bool, Box<dyn FnOnce() -> bool + '_>> { self.ga(); LazyCell::new(Box::new(|| { self.ga(); self.a += 1; self.ga() == self.a })) }
    fn c01(&mut self) { self.a += 1; let _ = Table([0, 1])[&*self]; self.a += 1; }
    fn c02(&mut self) { self.a += 1; let _ = (|| { Err(&*self)?; Ok::<(), E>(()) })(); self.a += 1; }
    fn c03(&mut self) -> Result<(), E> { self.a += 1; if self.a % 2 == 1 { Err(&*self)?; } self.a += 1; Ok(()) }
    fn c04(&mut self) { let mut t = std::mem::take(self); t.ga(); t.a += 1; *self = t; }
    fn c05(&mut self) -> S { let mut t = std::mem::take(self); t.ga(); t.a += 1; t }
    fn c06(&mut self) { let mut f = async || { self.a += 1; self.ga(); self.a += 1; }; block(f()); }
    fn c09(s @ Self { .. }: &mut Self) { s.ga(); s.a += 1 }
    fn c10(ref mut s: Self) -> Self { s.ga(); s.a += 1; std::mem::take(s) }
    fn c11(mut s: Self) -> Self { s.ga(); s.a += 1; s }
    fn c12(ref s: &mut Self) { s.ga(); }
    fn c13(&mut ref mut s: &mut Self) { s.ga(); s.a += 1 }
    fn c14(_: u8, Self { a, b, .. }: &mut Self) { std::mem::swap(a, b); *a += 1 }
    fn c15(n: i64, s: &mut Self) { s.ga(); if n > 0 { Self::c16(n - 1, s) } else { s.a += 1 } }
    fn c16(n: i64, s: &mut Self) { <Self>::c15(n, s) }
    fn c17(&mut self, n: i64) { self.ga(); if n > 0 { S::c18(self, n - 1) } else { self.a += 1 } }
    fn c18(&mut self, n: i64) { (|s: &mut S| s.c17(n))(self) }
    fn c19(self: std::pin::Pin<&mut Self>) { self.ga(); std::pin::Pin::into_inner(self).a += 1 }
    fn c20(self: std::pin::Pin<&mut Self>) { self.ga(); unsafe { self.get_unchecked_mut() }.a += 1 }
    fn c21(self: std::pin::Pin<&mut Self>) { self.ga(); *unsafe { self.map_unchecked_mut(|s| &mut s.a) } += 1 }
    fn c22(self: std::pin::Pin<&mut Self>) { self.ga(); let mut s = self; std::pin::Pin::as_mut(&mut s).a += 1; let t = std::pin::Pin::get_mut(s); t.ga(); t.a += 1 }
    fn c23(self: std::pin::Pin<&mut Self>) { let s = std::pin::pin!(self); s.ga(); s.get_mut().a += 1 }
    fn c24(self: core::pin::Pin<&mut S>) { let mut s = self; s.ga(); let S { a, .. } = &mut *s; *a += 1 }
}
struct Y(bool);
impl Future for Y { type Output = (); fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> { if self.0 { std::task::Poll::Ready(()) } else { self.0 = true; std::task::Poll::Pending } } }
fn block<T>(f: impl Future<Output = T>) -> T {
    let mut f = std::pin::pin!(f);
    loop { if let std::task::Poll::Ready(x) = f.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) { return x } }
}
fn s() -> S { S { a: 1, b: 2, memo: Default::default() } }
fn leak() -> &'static mut S { Box::leak(Box::new(s())) }
#[test]
fn is_never_stale() {
    let mut bad = vec![];
    macro_rules! t { ($n:ident, $f:expr) => {{ let mut ok = true; let mut f = $f; for _ in 0..3 { if !f() { ok = false } } if !ok { bad.push(stringify!($n)) } }} }
    macro_rules! g { () => { GLOBAL.lock().unwrap().pop().unwrap() } }
    s().b01(); t!(b01, g!());
    leak().b02(); t!(b02, g!());
    t!(b03, || leak().b03().join().unwrap());
    t!(b04, || s().b04().join().unwrap());
    let (tx, rx) = channel(); s().b05(&tx); t!(b05, rx.recv().unwrap());
    s().b06(tx); t!(b06, rx.recv().unwrap());
    let c = RefCell::new(vec![]); s().b07(&c); t!(b07, c.take().pop().unwrap());
    let mut v: Vec<F> = vec![]; s().b08(&mut v); t!(b08, v.pop().unwrap());
    let mut v: Vec<F> = vec![]; s().b09(&mut |f| v.push(f)); t!(b09, v.pop().unwrap());
    s().b10(); t!(b10, TL.take().pop().unwrap());
    let mut x = s(); x.ga(); let mut v: Vec<FL> = vec![]; x.b11(&mut v); t!(b11, v.pop().unwrap()); drop(v); if !x.ok() { bad.push("b11x") }
    let mut x = s(); x.ga(); { let v = Cell::new(None); x.b12(&v); t!(b12, v.take().unwrap()); } if !x.ok() { bad.push("b12x") }
    let mut x = s(); x.ga(); t!(b13, x.b13::<FL>()); if !x.ok() { bad.push("b13x") }
    let mut x = s(); x.ga(); t!(b14, x.b14().0); if !x.ok() { bad.push("b14x") }
    let mut x = s(); x.ga(); t!(b15, x.b15()); if !x.ok() { bad.push("b15x") }
    let mut x = s(); x.ga(); t!(b16, x.b16::<()>()); if !x.ok() { bad.push("b16x") }
    let mut x = s(); x.ga(); { let (tx, rx) = channel(); x.b17(&tx); t!(b17, rx.recv().unwrap()); } if !x.ok() { bad.push("b17x") }
    let mut x = s(); x.ga(); t!(b18, x.b18().err().unwrap()); if !x.ok() { bad.push("b18x") }
    let mut x = s(); x.ga(); { let mut o = None; x.b19(|f| o = Some(f)); t!(b19, o.take().unwrap()); } if !x.ok() { bad.push("b19x") }
    let mut x = s(); x.ga(); t!(b20, x.b20(|f| f)); if !x.ok() { bad.push("b20x") }
    let mut x = s(); x.ga(); t!(b21, x.b21()); if !x.ok() { bad.push("b21x") }
    let mut x = s(); x.ga(); { let mut f = x.b22(); t!(b22, || block(f())); } if !x.ok() { bad.push("b22x") }
    let mut x = s(); x.ga(); { let mut f = x.b23(); t!(b23, || f.next().unwrap()); } if !x.ok() { bad.push("b23x") }
    let mut x = s(); x.ga(); { let mut f = x.b24(); t!(b24, || f.next().unwrap()); } if !x.ok() { bad.push("b24x") }
    let mut x = s(); x.ga(); { let mut f = x.b25().next().unwrap(); t!(b25, || f()); } if !x.ok() { bad.push("b25x") }
    let mut x = s(); x.ga(); t!(b26, || *x.b26()); if !x.ok() { bad.push("b26x") }
    let mut x = s(); x.ga(); t!(b27, || *x.b27()); if !x.ok() { bad.push("b27x") }
    macro_rules! u { ($n:ident, |$x:ident| $f:expr) => {{ let mut $x = s(); $x.ga(); $f; if !$x.ok() { bad.push(stringify!($n)) } $f; if !$x.ok() { bad.push(stringify!($n)) } }} }
    u!(c01, |x| x.c01()); u!(c02, |x| x.c02()); u!(c03, |x| x.c03()); u!(c04, |x| x.c04()); u!(c05, |x| x = x.c05()); u!(c06, |x| x.c06());
    u!(c09, |x| S::c09(&mut x)); u!(c10, |x| x = S::c10(x)); u!(c11, |x| x = S::c11(x)); u!(c12, |x| S::c12(&mut x)); u!(c13, |x| S::c13(&mut x)); u!(c14, |x| S::c14(1, &mut x));
    u!(c15, |x| S::c15(3, &mut x)); u!(c17, |x| x.c17(3));
    u!(c19, |x| std::pin::Pin::new(&mut x).c19());
    u!(c20, |x| std::pin::Pin::new(&mut x).c20());
    u!(c21, |x| std::pin::Pin::new(&mut x).c21());
    u!(c22, |x| std::pin::Pin::new(&mut x).c22());
    u!(c23, |x| std::pin::Pin::new(&mut x).c23());
    u!(c24, |x| std::pin::Pin::new(&mut x).c24());
    assert!(bad.is_empty(), "{bad:?}");
}
}
