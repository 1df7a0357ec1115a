use memo_runtime::memoize;

#[memoize(field_attrs(serde(skip)))] //~ ERROR `field_attrs` expects attributes
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
