use memo_runtime::memoize;

#[memoize(engine = moka::sync::Cache::new(10), unsync)] //~ ERROR `unsync` contradicts `engine`; all threads share the engine; remove one
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
