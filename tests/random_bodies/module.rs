// What `tests/random_bodies.rs` puts its methods into. The twin without memoization is this text without the lines that
// start with `#[memoize` or name `clear_instance`.

use super::{BoxFuture, Part, call, poll, yield_now};
use std::{iter::Scan, ops::Range};

thread_local! {
    /// How often a body ran.
    pub static RUNS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}
fn ran() {
    RUNS.set(RUNS.get() + 1);
}

#[memoize(blocks("far"))]
pub struct S {
    a: u64,
    b: u64,
    pair: (u64, u64),
    list: Vec<u64>,
    part: Part,
    lent: &'static mut u64,
    boxed: Option<Box<u64>>,
    #[memoize(untracked)]
    noise: u64,
}

type Alias = S;
pub type Boxed<'a> = Box<dyn FnMut(u64) -> Vec<u64> + 'a>;
pub type Step<'a> = fn(&mut &'a mut S, u64) -> Option<u64>;
pub struct Steps<'a>(pub Boxed<'a>);
struct Holder<'a> {
    held: &'a mut S,
}
struct OnDrop<'a>(&'a mut S);
impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.of_list(1);
        self.0.grow();
    }
}

macro_rules! bump {
    ($x:ident . $f:ident) => {
        $x.$f += 1
    };
}
macro_rules! bump_another {
    ($x:ident . $f:ident) => {
        $x.b += 1
    };
}
macro_rules! bump_all {
    ($x:expr) => {{
        $x.a += 1;
        $x.part.pair.1 += 1;
    }};
}
macro_rules! hidden_closure {
    ($x:expr) => {{
        let mut change = || {
            let before = $x.of_a();
            $x.a += 1;
            before + $x.of_a()
        };
        [change(), change()]
    }};
}

// Code outside of the blocks, which changes an instance by its methods only.

fn outside(s: &mut S, k: u64) -> u64 {
    let before = s.of_b() + s.of_list(0);
    s.set_b(k);
    s.grow();
    before + s.of_b() + s.of_list(0)
}
fn with(s: &mut S, f: impl FnOnce(&mut S)) {
    f(s);
    s.set_b(3);
}
fn hand(s: &mut S) -> &mut S {
    s
}
fn add(n: &mut u64, by: u64) {
    *n += by;
}
fn stepping_outside(s: &mut S) -> Boxed<'_> {
    Box::new(move |k| vec![s.of_b(), outside(s, k), s.of_b()])
}
impl S {
    fn elsewhere(&mut self) -> u64 {
        self.grow();
        self.of_list(2)
    }
}

#[memoize]
impl S {
    pub fn new(n: u64) -> Self {
        Self {
            a: n,
            b: 1,
            pair: (n, 2),
            list: vec![1, n, 3],
            part: Part { n: 4, pair: (5, n) },
            lent: Box::leak(Box::new(n)),
            boxed: (n % 2 == 0).then(|| Box::new(n)),
            noise: 0,
        }
    }
    #[memoize(stats)]
    fn of_a(&self) -> u64 {
        ran();
        self.a * 3 % 1000
    }
    #[memoize(unsync)]
    fn of_b(&self) -> u64 {
        ran();
        self.b + 1
    }
    #[memoize(capacity = 2)]
    fn of_list(&self, n: u64) -> u64 {
        ran();
        self.list.iter().sum::<u64>() % 1000 + n
    }
    #[memoize(returns = "ref")]
    fn of_part(&self) -> Part {
        ran();
        self.part.clone()
    }
    #[memoize]
    fn of_lent(&self) -> u64 {
        ran();
        *self.lent + 2
    }
    #[memoize(capacity = 1)]
    fn of_boxed(&self, n: u64) -> Option<u64> {
        ran();
        self.boxed.as_ref().map(|boxed| **boxed + n)
    }
    #[memoize]
    fn of_sum(&self, n: u64) -> Result<u64, String> {
        ran();
        let sum = self.of_a() + self.of_list(n) + self.of_part().n;
        if sum % 3 == 0 { Err(sum.to_string()) } else { Ok(sum) }
    }
    #[memoize]
    fn of_steps(&self, n: u64) -> u64 {
        ran();
        if n == 0 { self.look() } else { self.of_steps(n - 1) + self.b % 5 }
    }
    #[memoize(scope = "type", capacity = 8, reads(b: u64))]
    fn of_shared(&self, n: u64) -> u64 {
        ran();
        self.b * 2 + n
    }
    fn look(&self) -> u64 {
        self.pair.1 + self.of_a()
    }
    fn see(&self) -> &Part {
        &self.part
    }
    fn grow(&mut self) {
        let last = self.of_list(0);
        self.list.push(last % 7);
    }
    fn set_b(&mut self, b: u64) {
        self.b = b;
    }
    fn me(&mut self) -> &mut Self {
        self
    }
    fn width(&mut self) -> &mut u64 {
        self.of_a();
        &mut self.a
    }
    fn stepping(&mut self) -> Boxed<'_> {
        Box::new(move |k| {
            let before = self.of_a();
            self.a += k;
            vec![before, self.of_a()]
        })
    }
    /// The results of all memoized methods.
    pub fn all(&self) -> Vec<u64> {
        let mut all = vec![self.of_a(), self.of_b(), self.of_lent(), self.of_part().n, self.of_part().pair.0];
        for n in 0..3 {
            all.extend([self.of_list(n), self.of_steps(n), self.of_shared(n), self.of_pair(n)]);
            all.extend([self.of_boxed(n).unwrap_or(1000), self.of_sum(n).unwrap_or(1000)]);
        }
        all
    }
    /*main*/
}

#[memoize(block = "far")]
impl S {
    #[memoize]
    fn of_pair(&self, n: u64) -> u64 {
        ran();
        self.pair.0 * 2 + self.pair.1 + n + self.of_lent()
    }
    fn set_pair(&mut self, first: u64) {
        self.pair.0 = first;
    }
    /*far*/
}

pub trait Acts {
    fn act(&mut self) -> u64;
    /*signatures*/
}
#[memoize]
impl Acts for S {
    fn act(&mut self) -> u64 {
        let before = self.of_lent();
        *self.lent += 1;
        self.set_pair(before);
        before + self.of_pair(0)
    }
    /*acts*/
}

pub fn clear(_s: &mut S) {
    memo_runtime::clear_instance(_s);
}

pub fn drive(one: &mut Box<S>, two: &mut Box<S>, method: u64, k: u64, log: &mut Vec<u64>) {
    match method {
        /*drive*/
        _ => std::mem::swap(&mut **one, &mut **two),
    }
}
