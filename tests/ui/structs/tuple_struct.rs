use memo_runtime::memoize;

#[memoize]
struct Shape(u64); //~ ERROR a tuple struct cannot be memoized

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
