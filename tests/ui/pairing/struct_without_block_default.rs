use memo_runtime::memoize;

#[memoize]
#[derive(Default)]
struct Shape { //~ ERROR
    side: u64,
}

fn main() {}
