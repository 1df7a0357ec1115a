use memo_runtime::memoize;

#[memoize(changes())] //~ ERROR `changes` marks a method in a `#[memoize]` block
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
