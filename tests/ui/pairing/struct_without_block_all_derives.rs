use memo_runtime::memoize;

#[memoize]
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
struct Shape { //~ ERROR
    side: u64,
}

fn main() {}
