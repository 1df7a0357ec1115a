use memo_runtime::memoize;

#[memoize]
struct Shape; //~ ERROR

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
