use memo_runtime::memoize;

#[memoize]
enum Shape { //~ ERROR
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
