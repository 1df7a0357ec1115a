use memo_runtime::memoize;

#[derive(Clone, PartialEq, Eq)]
struct Unit(u64);

#[memoize(unbounded)]
fn value(unit: Unit) -> u64 { //~ ERROR a value of type `Unit` cannot be part of a key
    unit.0
}

fn main() {}
