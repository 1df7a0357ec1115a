use memo_runtime::memoize;

#[memoize(engine = moka::sync::Cache::new(n))] //~ ERROR the argument `n` is not in scope in `engine`, which is evaluated once, for all calls; remove it
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
