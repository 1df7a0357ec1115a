use memo_runtime::memoize;

#[memoize]
struct Shape {
    pub side: u64, //~ ERROR the field `side` is not private
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
