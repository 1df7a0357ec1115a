use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: Length, //~ ERROR cannot find type `Length`
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
