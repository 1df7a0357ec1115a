use memo_runtime::memoize;

#[memoize] //~ ERROR a type-scoped cache lives until the process ends
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
