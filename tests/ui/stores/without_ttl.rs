use memo_runtime::memoize;

#[memoize(store = &REGION)] //~ ERROR entries in a store outlive the process; say for how long they are good: `ttl = …`, or `unbounded`
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
