use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: Box<dyn Fn(u64) -> u64>, //~ ERROR this field can change through `&self` and leave stale results
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
