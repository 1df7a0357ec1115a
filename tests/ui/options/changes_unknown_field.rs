use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize(changes(width))] //~ ERROR no field `width` on type `&Shape`
    fn touch(&mut self) {}
}

fn main() {}
