use memo_runtime::memoize;

#[memoize]
struct Shape<T> {
    side: T,
}

#[memoize]
impl<T: Clone> Shape<T> {
    #[memoize]
    fn area(&self, side: T) -> T { //~ ERROR a value of type `T` cannot be part of a key
        let _ = side;
        self.side.clone()
    }
}

fn main() {}
