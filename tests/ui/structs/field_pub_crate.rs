use memo_runtime::memoize;

#[memoize]
struct Shape {
    pub(crate) side: u64, //~ ERROR
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
