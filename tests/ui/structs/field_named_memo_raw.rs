use memo_runtime::memoize;

#[memoize]
struct Shape {
    r#memo: u64, //~ ERROR has the name of the injected one
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        1
    }
}

fn main() {}
