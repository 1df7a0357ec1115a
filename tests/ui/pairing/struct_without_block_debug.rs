use memo_runtime::memoize;

#[memoize]
#[derive(Debug)]
struct Shape { //~ ERROR
    side: u64,
}

fn main() {}
