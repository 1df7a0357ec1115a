use memo_runtime::memoize;

trait Size {
    fn size(n: usize) -> usize;
}

#[memoize]
impl<T: 'static> Size for T {
    #[memoize(unbounded)]
    fn size(n: usize) -> usize {
        n * size_of::<T>()
    }
}

fn main() {}
