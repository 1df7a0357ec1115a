//! An argument that is an instance may outlive the method under another name, stand in a box or a pin, or depend on a `cfg`.

// The spelling is what is tested, one program a line.
#![allow(
    unused,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]

#[rustfmt::skip]
mod programs {
use memo_runtime::memoize;
use std::sync::*;
use std::cell::*;
use std::pin::Pin;
type F = Box<dyn FnMut() -> bool + Send>;
static GLOBAL: Mutex<Vec<F>> = Mutex::new(Vec::new());
macro_rules! id { ($($t:tt)*) => { $($t)* } }
macro_rules! mr { ($t:ty) => { &mut $t } }

#[memoize]
#[derive(Clone, Default)]
struct S { a: i64, b: i64 }
#[memoize]
impl S {
    #[memoize] fn ga(&self) -> i64 { self.a }
    #[memoize] fn gb(&self) -> i64 { self.b }
    fn ok(&self) -> bool { self.ga() == self.a && self.gb() == self.b }
    fn d01(o: &'static mut Self) { let p = o; GLOBAL.lock().unwrap().push(Box::new(move || { p.ga(); p.a += 1; p.ga() == p.a })) }
    fn d02(&mut self, o: &'static mut Self) { let p = o; GLOBAL.lock().unwrap().push(Box::new(move || { p.ga(); p.a += 1; p.ga() == p.a })) }
    fn d03(o: Self) { let mut p = o; GLOBAL.lock().unwrap().push(Box::new(move || { p.ga(); p.a += 1; p.ga() == p.a })) }
    fn d04(&mut self, o: Self) { let mut p = o; GLOBAL.lock().unwrap().push(Box::new(move || { p.ga(); p.a += 1; p.ga() == p.a })) }
    fn d05(&mut self, mut o: Self) { GLOBAL.lock().unwrap().push(Box::new(move || { o.ga(); o.a += 1; o.ga() == o.a })) }
    fn d06(&mut self, o: Box<Self>) { let mut p = o; GLOBAL.lock().unwrap().push(Box::new(move || { p.ga(); p.a += 1; p.ga() == p.a })) }
    fn d07(o: &'static mut S) { GLOBAL.lock().unwrap().push(Box::new({ let mut p = Some(o); move || { let p = p.as_mut().unwrap(); p.ga(); p.a += 1; p.ga() == p.a } })) }
    fn d08(o: &'static mut S) { let p = o; std::thread::spawn(move || { std::thread::sleep(std::time::Duration::from_millis(100)); p.ga(); p.a += 1; GLOBAL.lock().unwrap().push(Box::new({ let x = p.ga() == p.a; move || x})) }); }
    fn e01(o: &mut Box<S>) { o.ga(); o.a += 1; }
    fn e02(mut o: Box<S>) -> Box<S> { o.ga(); o.a += 1; o }
    fn e03(mut o: Pin<&mut S>) { o.ga(); o.a += 1; }
    fn e04(o: (&mut (S))) { o.ga(); o.a += 1; }
    fn e05(o: &mut self::S) { o.ga(); o.a += 1; }
    fn e06(self: &mut Box<Self>) { self.ga(); self.a += 1 }
    fn e07(mut self: Pin<Box<Self>>) -> Pin<Box<Self>> { self.ga(); self.a += 1; self }
    fn e08(self: (&mut (Self))) { self.ga(); self.a += 1 }
    fn e09(mut self: Box<Self>) -> Box<Self> { self.ga(); self.a += 1; self }
    fn e11(o: &mut Box<S>) { o.ga(); let p = &mut **o; p.a += 1 }
    fn e12(o: Pin<&mut S>) { o.ga(); let p = Pin::get_mut(o); p.ga(); p.a += 1 }
    #[cfg_attr(any(), memoize(changes()))]
    fn e13(&mut self) { self.ga(); self.a += 1 }
    #[cfg_attr(any(), memoize(changes(a)))]
    fn e14(&mut self) { self.a += 1; self.b += 1 }
    #[cfg_attr(all(), memoize(changes()))]
    fn e15(&mut self) { self.a; }
    #[cfg(any())]
    fn e17(&mut self) {}
    #[cfg(all())]
    fn e17(&mut self) { self.a += 1 }
    fn e18(&mut self) { self.ga(); self.e17(); self.e14(); }
    fn e19(&mut self) { self.ga(); self.gb(); self.e14(); self.ga(); self.e14() }
    fn e20(&mut self) { self.ga(); #[cfg(any())] { return; } #[cfg(all())] { self.a += 1; } }
    fn e21(&mut self) { self.ga(); #[cfg_attr(all(), allow(unused))] let x = &mut self.a; *x += 1 }
    fn e22(&mut self) { self.ga(); match 1 { #[cfg(any())] 1 => {}, _ => self.a += 1 } }
    fn e23(&mut self, #[cfg(any())] x: u8, #[cfg(all())] o: &mut Self) { o.ga(); self.ga(); self.a += 1; o.a += 1 }
}
fn s() -> S { S { a: 1, b: 2, memo: Default::default() } }
fn leak() -> &'static mut S { Box::leak(Box::new(s())) }
#[test]
fn is_never_stale() {
    let mut bad = vec![];
    macro_rules! g { () => { GLOBAL.lock().unwrap().pop().unwrap() } }
    macro_rules! t { ($n:ident, $f:expr) => {{ $f; let mut ok = true; let mut f = g!(); for _ in 0..3 { if !f() { ok = false } } if !ok { bad.push(stringify!($n)) } }} }
    t!(d01, S::d01(leak())); t!(d02, s().d02(leak())); t!(d03, S::d03(s())); t!(d04, s().d04(s())); t!(d05, s().d05(s())); t!(d06, s().d06(Box::new(s()))); t!(d07, S::d07(leak()));
    t!(d08, { S::d08(leak()); std::thread::sleep(std::time::Duration::from_millis(300)) });
    macro_rules! u { ($n:ident, |$x:ident| $f:expr) => {{ let mut $x = s(); $x.ga(); $x.gb(); $f; if !$x.ok() { bad.push(stringify!($n)) } $f; if !$x.ok() { bad.push(stringify!($n)) } }} }
    macro_rules! bx { ($n:ident, |$x:ident| $f:expr) => {{ let mut $x = Box::new(s()); $x.ga(); $x.gb(); $f; if !$x.ok() { bad.push(stringify!($n)) } $f; if !$x.ok() { bad.push(stringify!($n)) } }} }
    bx!(e01, |x| S::e01(&mut x)); bx!(e02, |x| x = S::e02(x)); u!(e03, |x| S::e03(Pin::new(&mut x))); u!(e04, |x| S::e04(&mut x)); u!(e05, |x| S::e05(&mut x));
    bx!(e06, |x| x.e06()); u!(e07, |x| x = *Pin::into_inner(Box::pin(x).e07())); u!(e08, |x| x.e08()); bx!(e09, |x| x = x.e09()); bx!(e11, |x| S::e11(&mut x)); u!(e12, |x| S::e12(Pin::new(&mut x)));
    u!(e13, |x| x.e13()); u!(e14, |x| x.e14()); u!(e17, |x| x.e17()); u!(e18, |x| x.e18()); u!(e19, |x| x.e19()); u!(e20, |x| x.e20()); u!(e21, |x| x.e21()); u!(e22, |x| x.e22());
    let mut y = s(); y.ga(); u!(e23, |x| x.e23(&mut y)); if !y.ok() { bad.push("e23y") }
    assert!(bad.is_empty(), "{bad:?}");
}
}
