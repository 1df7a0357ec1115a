use memo_runtime::memoize;

#[memoize]
#[derive(Hash)]
struct Shape { //~ ERROR
    side: u64,
}

fn main() {}
