use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: std::cell::Cell<u64>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
