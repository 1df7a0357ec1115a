use memo_runtime::memoize;

#[memoize(field = caches)]
struct Shape {
    caches: u64, //~ ERROR the field `caches` has the name of the injected one
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
