use memo_runtime::memoize;

struct Unit(u64);

#[memoize(unbounded)]
fn unit(value: u64) -> Unit { //~ ERROR a result of type `Unit` cannot be cached
    Unit(value)
}

fn main() {}
