use memo_runtime::memoize;

#[memoize(store = &REGION, unbounded, name = square)] //~ ERROR `name` expects a string; write `name = …`
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
