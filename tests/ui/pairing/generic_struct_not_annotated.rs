use memo_runtime::memoize;

struct Shape<T> {
    side: T,
}

#[memoize]
impl<T: Clone> Shape<T> { //~ ERROR the struct `Shape<T>` has no caches for this block
    #[memoize]
    fn side(&self) -> T {
        self.side.clone()
    }

    fn grow(&mut self) {
        let _ = self.side();
    }
}

fn main() {}
