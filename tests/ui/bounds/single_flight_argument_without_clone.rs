use memo_runtime::memoize;

#[derive(PartialEq, Eq, Hash)]
struct Id(u64);

#[memoize(unbounded, single_flight)] //~ ERROR a key of type `(Id,)` cannot be waited for
fn number(id: Id) -> u64 { //~ ERROR a value of type `Id` cannot be part of a key
    id.0
}

fn main() {}
