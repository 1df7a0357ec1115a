use memo_runtime::memoize;

#[memoize]
struct Shape {
    memo: u64, //~ ERROR the field `memo` has the name of the injected one
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
