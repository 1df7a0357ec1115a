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

#[memoize(block = "grith")]
impl Shape { //~ ERROR the struct `Shape` has no caches for this block
    #[memoize]
    fn girth(&self) -> u64 {
        self.side * 4
    }
}

fn main() {}
