// While somebody types: the compiler says what is broken, and so do we; all else of the block is there.
use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Grid {
    cells: Vec<u64>,
}

#[memoize]
impl Grid {
    fn new() -> Self {
        Self { cells: vec![1] }
    }
    #[memoize]
    fn sum(&self) -> u64 {
        self.cells.iter().sum()
    }
    #[memoize]
    fn scaled(&self, by: u64) -> u64 {
        let scaled = ; //~ ERROR expected expression, found `;` //~ ERROR expected an expression
        scaled * by
    }
    fn set(&mut self, i: usize, value: u64) {
        self.cells[i] = value;
    }
}

#[memoize(unbounded)]
fn square(n: u64) -> u64 {
    n * * } //~ ERROR expected expression, found `}` //~ ERROR unexpected end of input, expected an expression

fn main() {
    let mut grid = Grid::new();
    grid.set(0, grid.sum());
    grid.sum_cache().clear();
    grid.scaled_cache().clear();
    square_cache().clear();
    grid.clone().scaled(square(2));
}
