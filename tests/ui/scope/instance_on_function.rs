use memo_runtime::memoize;

#[memoize(scope = "instance")] //~ ERROR
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
