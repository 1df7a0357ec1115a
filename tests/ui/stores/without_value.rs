use memo_runtime::memoize;

#[memoize(store)] //~ ERROR `store` expects an expression; write `store = …`
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
