//! `cfg_attr` may decide whether a method is memoized.

use memo_runtime::memoize;
use std::sync::atomic::{AtomicU32, Ordering};

static RAN: AtomicU32 = AtomicU32::new(0);

fn ran() -> u32 {
    RAN.swap(0, Ordering::Relaxed)
}

#[memoize]
struct Shape {
    side: u32,
}

#[memoize]
impl Shape {
    /// The area.
    #[cfg_attr(all(), memoize)]
    fn area(&self) -> u32 {
        RAN.fetch_add(1, Ordering::Relaxed);
        self.side * self.side
    }
    #[cfg_attr(any(), memoize(capacity = 3))]
    fn times(&self, n: u32) -> u32 {
        RAN.fetch_add(1, Ordering::Relaxed);
        self.side * n
    }
    #[cfg_attr(all(), inline, must_use, memoize(capacity = 3, skip(unit)))]
    #[cfg_attr(any(), doc(hidden))]
    fn scaled(&self, n: u32, unit: u8) -> u32 {
        RAN.fetch_add(1, Ordering::Relaxed);
        let _ = unit;
        self.side * n
    }
    #[cfg_attr(all(), cfg_attr(not(any()), memoize(scope = "type", unbounded)))]
    fn nested(n: u32) -> u32 {
        RAN.fetch_add(1, Ordering::Relaxed);
        n
    }
    fn set(&mut self, side: u32) {
        self.side = side;
    }
}

#[cfg_attr(all(), memoize(unbounded))]
fn function(n: u32) -> u32 {
    RAN.fetch_add(1, Ordering::Relaxed);
    n
}

#[cfg_attr(all(), memoize)]
struct Other {
    side: u32,
}
#[cfg_attr(all(), memoize)]
impl Other {
    #[cfg_attr(all(), memoize)]
    fn area(&self) -> u32 {
        self.side * self.side
    }
}

fn main() {
    let mut shape = Shape { side: 2, memo: Default::default() };
    assert_eq!((shape.area(), shape.area(), shape.area_cache().len(), ran()), (4, 4, 1, 1));
    assert_eq!((shape.times(2), shape.times(2), ran()), (4, 4, 2));
    assert_eq!((shape.scaled(2, 1), shape.scaled(2, 2), ran()), (4, 4, 1));
    assert_eq!((Shape::nested(2), Shape::nested(2), ran()), (2, 2, 1));
    assert_eq!((function(2), function(2), ran()), (2, 2, 1));
    shape.set(3);
    assert_eq!(shape.area(), 9);
    assert_eq!(Other { side: 1, memo: Default::default() }.area(), 1);
}
