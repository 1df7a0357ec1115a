use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: std::marker::PhantomData<std::cell::Cell<u64>>,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
