#[memoize]
#[derive(Debug, Clone, Serialize)]
pub struct Circle {
    radius: f64,
    #[memoize(untracked)]
    calls: Cell<u32>,
}
#[memoize(blocks("drawing"), field = caches)]
struct Grid<'a, T: Copy> {
    cells: &'a [T],
}
