use memo_runtime::memoize;

#[memoize(unbounded, reads(side: u64))] //~ ERROR `reads` names state of an instance, and a free function has none
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
