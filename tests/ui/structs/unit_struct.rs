use memo_runtime::memoize;

#[memoize]
struct Shape; //~ ERROR a unit struct cannot be memoized

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
