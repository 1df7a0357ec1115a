use memo_runtime::memoize;

#[memoize]
enum Shape { //~ ERROR an enum cannot be memoized
    Square,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
