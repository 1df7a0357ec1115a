use memo_runtime::memoize;

#[memoize]
#[derive(PartialEq)]
struct Shape { //~ ERROR
    side: u64,
}

fn main() {}
