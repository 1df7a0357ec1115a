use memo_runtime::memoize;

#[memoize(scope = "instance")] //~ ERROR `scope` is an option of a method, not of a struct
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
