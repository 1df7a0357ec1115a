use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Shape { //~ ERROR the struct `Shape` has no block with an instance-scoped method
    side: u64,
}

fn main() {}
