use memo_runtime::memoize;

#[memoize]
#[derive(Debug, Clone, PartialEq, Default)]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    fn new(side: u64) -> Self {
        Self { side }
    }
    #[memoize(scope = "type", capacity = 8)]
    fn times(&self, n: u64) -> u64 { //~ ERROR a type-scoped method cannot see `self`
        self.side * n
    }
    fn set(&mut self, side: u64) {
        self.side = side;
    }
}

#[memoize]
struct Walker<'a, T> {
    at: &'a [T],
}

#[memoize]
impl<'a, T: Clone> Walker<'a, T> {
    #[memoize(scope = "typo")] //~ ERROR unknown scope `"typo"`
    fn first(&self) -> Option<T> {
        self.at.first().cloned()
    }
    fn new(at: &'a [T]) -> Self {
        Walker { at }
    }
}

#[memoize]
struct Counter {
    count: u64,
}

#[memoize]
impl Counter {
    #[memoize]
    fn bump(&mut self) -> u64 { //~ ERROR a `&mut self` method cannot be memoized
        self.count += 1;
        self.count
    }
}

fn main() {
    let mut shape = Shape::new(1).clone();
    shape.set(2);
    assert_eq!(shape.times(2), 4);
    assert_eq!(Walker::new(&[1]).first(), Some(1));
    assert_eq!(Counter { count: 0, memo: Default::default() }.bump(), 1);
}
