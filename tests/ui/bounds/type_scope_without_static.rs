use memo_runtime::memoize;

#[memoize]
struct Shape<T> {
    side: T,
}

#[memoize]
impl<T: Copy + Into<u64>> Shape<T> {
    #[memoize]
    fn area(&self) -> u64 {
        self.side.into()
    }

    #[memoize(unbounded)]
    fn size(n: usize) -> usize { //~ ERROR the parameter type `T` may not live long enough
        n * size_of::<T>()
    }
}

fn main() {}
