#[memoize]
impl<T: Send + 'static> Grid<T> {
    #[memoize(capacity = 64)]
    pub fn size(cells: usize) -> usize {
        cells * size_of::<T>()
    }
}
