use memo_runtime::memoize;

#[memoize(keep)] //~ ERROR `keep` marks a `&mut self` method in a `#[memoize]` block
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
