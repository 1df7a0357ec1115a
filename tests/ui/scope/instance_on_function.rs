use memo_runtime::memoize;

#[memoize(scope = "instance")] //~ ERROR `scope = "instance"` needs an instance
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
