use memo_runtime::memoize;

#[memoize]
struct Grid {
    width: usize,
}

#[memoize]
impl Grid {
    #[memoize]
    fn double(&self) -> usize {
        self.width * 2
    }
    fn widthraCompletionMarker(&self) -> usize { //~ ERROR this name ends as only names do that rust-analyzer is completing
        self.width
    }
}

fn main() {}
