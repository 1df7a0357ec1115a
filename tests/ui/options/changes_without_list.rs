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

    #[memoize(changes)] //~ ERROR `changes` expects a list of fields
    fn touch(&mut self) {}
}

fn main() {}
