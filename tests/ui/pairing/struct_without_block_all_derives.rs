use memo_runtime::memoize;

#[memoize]
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
struct Shape { //~ ERROR the struct `Shape` has no block with an instance-scoped method
    side: u64,
}

fn main() {}
