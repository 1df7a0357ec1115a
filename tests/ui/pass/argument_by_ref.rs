//! `ref other: Self` binds a shared reference, and `ref mut other: Self` an exclusive one.

use memo_runtime::memoize;

#[memoize]
struct Circle {
    radius: u32,
}

#[memoize]
impl Circle {
    #[memoize]
    fn area(&self) -> u32 {
        3 * self.radius * self.radius
    }
    fn is_larger(&self, ref other: Self) -> bool {
        self.area() > other.area()
    }
    fn grow(&mut self, ref other: Self, ref mut third: Self) -> u32 {
        self.radius += other.radius;
        third.radius += 1;
        self.area() + other.area() + third.area()
    }
}

fn main() {
    let new = |radius| Circle { radius, memo: Default::default() };
    let mut circle = new(1);
    let other = new(2);
    assert_eq!((circle.area(), other.area()), (3, 12));
    assert!(!circle.is_larger(other));
    let third = new(3);
    assert_eq!(third.area(), 27);
    assert_eq!(circle.grow(new(2), third), 27 + 12 + 48);
    assert_eq!(circle.area(), 27);
}
