use memo_runtime::memoize;

#[derive(PartialEq, Eq, Hash)]
struct Id(u64);

#[memoize(unbounded, single_flight, key(id: Id = Id(n / 2)))] //~ ERROR a key of type `(Id,)` cannot be waited for; with `single_flight`, a computation holds a clone of its key
fn halved(n: u64) -> u64 {
    n / 2
}

fn main() {}
