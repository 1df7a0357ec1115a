use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape { //~ ERROR type annotations needed
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

#[memoize]
impl Shape { //~ ERROR conflicting implementations of trait `memo_runtime::__private::MemoizedBlock<memo_runtime::__private::Unnamed>` for type `Shape` //~ ERROR type annotations needed
    #[memoize]
    fn girth(&self) -> u64 {
        self.side * 4
    }
}

fn main() {}
