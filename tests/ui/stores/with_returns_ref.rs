use memo_runtime::memoize;

#[memoize(store = &REGION, unbounded, returns = "ref")] //~ ERROR `returns = "ref"` contradicts `store`; the store hands out values, not references; remove one
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
