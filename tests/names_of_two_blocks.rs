//! A method of another block with the name of one of the block: the compiler takes the inherent one, and so does the analysis.

// The spelling is what is tested.
#![allow(
    unused,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]
use memo_runtime::memoize;
trait Tr {
    fn poke(&self) -> i64;
    fn other(&mut self) -> i64;
    fn seen(&self) -> i64;
    fn look(&self) -> i64;
    fn poke2(&mut self);
    fn other2(&mut self);
    fn other3(&mut self) -> i64;
    fn seen2(&self) -> i64;
}
#[memoize(blocks("x"))]
struct S {
    a: i64,
    b: i64,
}
// not annotated
impl S {
    fn poke(&mut self) -> i64 {
        self.a += 1;
        self.a
    }
    fn poke2(&mut self) {
        self.a += 1;
    }
    fn look(&self) -> i64 {
        self.b
    }
}
#[memoize]
impl Tr for S {
    fn poke(&self) -> i64 {
        0
    }
    fn look(&self) -> i64 {
        self.a
    }
    fn poke2(&mut self) {
        self.b += 1;
    }
    fn other2(&mut self) {
        self.poke2();
    }
    fn other(&mut self) -> i64 {
        self.poke()
    }
    fn other3(&mut self) -> i64 {
        Self::poke(self)
    }
    #[memoize]
    fn seen(&self) -> i64 {
        self.look()
    }
    #[memoize]
    fn seen2(&self) -> i64 {
        Self::look(self)
    }
}
#[memoize(block = "x")]
impl S {
    #[memoize]
    fn a(&self) -> i64 {
        self.a
    }
    fn set_b(&mut self, b: i64) {
        self.b = b
    }
}

#[test]
fn are_told_apart() {
    let mut bad = vec![];
    let all: [(&str, fn(&mut S)); 4] = [
        ("set_b", |s| s.set_b(40)),
        ("other", |s| {
            s.other();
        }),
        ("other2", |s| {
            s.other2();
        }),
        ("other3", |s| {
            s.other3();
        }),
    ];
    let mut s = S { a: 1, b: 2, memo: Default::default() };
    for (name, change) in all {
        s.a();
        s.seen();
        s.seen2();
        change(&mut s);
        if s.a() != s.a {
            bad.push((name, "a"))
        }
        if s.seen() != s.b {
            bad.push((name, "seen"))
        }
        if s.seen2() != s.b {
            bad.push((name, "seen2"))
        }
        memo_runtime::clear_instance(&mut s);
    }
    assert!(bad.is_empty(), "{bad:?}");
}
