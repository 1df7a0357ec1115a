use memo_runtime::memoize;

#[memoize(blocks("girth"))]
struct Shape { //~ ERROR the struct `Shape` has no block with an instance-scoped method
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
