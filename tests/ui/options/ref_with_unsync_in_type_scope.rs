use memo_runtime::memoize;

#[memoize(unbounded, unsync, returns = "ref")] //~ ERROR `returns = "ref"` contradicts `unsync` in type scope
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
