use memo_runtime::memoize;

#[derive(Clone, PartialEq, Eq)]
struct Unit(u64);

#[memoize(unbounded)]
fn value(unit: Unit) -> u64 { //~ ERROR
    unit.0
}

fn main() {}
