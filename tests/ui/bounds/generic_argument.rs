use memo_runtime::memoize;

#[memoize]
struct Shape<T> {
    side: T,
}

#[memoize]
impl<T: Clone> Shape<T> {
    #[memoize]
    fn area(&self, side: T) -> T { //~ ERROR
        let _ = side;
        self.side.clone()
    }
}

fn main() {}
