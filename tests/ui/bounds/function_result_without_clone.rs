use memo_runtime::memoize;

struct Unit(u64);

#[memoize(unbounded)]
fn unit(value: u64) -> Unit { //~ ERROR
    Unit(value)
}

fn main() {}
