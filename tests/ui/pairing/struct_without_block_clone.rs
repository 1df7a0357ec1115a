use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Shape { //~ ERROR
    side: u64,
}

fn main() {}
