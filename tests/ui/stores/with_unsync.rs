use memo_runtime::memoize;

#[memoize(store = &REGION, unbounded, unsync)] //~ ERROR `unsync` contradicts `store`; all threads share the store; remove one
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
