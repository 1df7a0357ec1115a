use memo_runtime::memoize;

#[memoize(engine = moka::sync::Cache::new(10), returns = "ref")] //~ ERROR `returns = "ref"` contradicts `engine`; the engine hands out values, not references; remove one
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
