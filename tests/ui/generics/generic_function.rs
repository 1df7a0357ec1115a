use memo_runtime::memoize;

#[memoize(unbounded)]
fn size<T>(n: usize) -> usize { //~ ERROR a generic function cannot be memoized
    n * size_of::<T>()
}

fn main() {}
