use memo_runtime::memoize;

struct Shape(u64);

#[memoize(unbounded, single_flight)]
fn shape(id: u64) -> Shape { //~ ERROR a result of type `Shape` cannot be cached
    Shape(id)
}

fn main() {}
