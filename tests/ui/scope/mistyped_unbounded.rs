use memo_runtime::memoize;

#[memoize(unbouned)] //~ ERROR unknown option `unbouned`
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
