use memo_runtime::memoize;

#[memoize(unbounded, name = "square")] //~ ERROR `name` says what entries are called in a `store`, and there is none; remove it, or name the accessor: `accessor = name`
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
