use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Shape<T> { //~ ERROR
    side: T,
}

fn show(shape: &Shape<u64>) -> Shape<u64> {
    shape.clone()
}

fn main() {}
