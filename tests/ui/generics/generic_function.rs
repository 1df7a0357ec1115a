use memo_runtime::memoize;

#[memoize(unbounded)]
fn size<T>(n: usize) -> usize { //~ ERROR
    n * size_of::<T>()
}

fn main() {}
