use memo_runtime::memoize;

#[memoize]
struct Shape<T> {
    side: T,
}

#[memoize]
impl<T: Copy + Into<u64>> Shape<T> {
    #[memoize]
    fn area(&self, by: u64) -> Vec<Side<T>> { //~ ERROR a result of type `Vec<Side<T>>` cannot be cached
        let _ = by;
        vec![Side(self.side)]
    }
}

struct Side<T>(T);

fn main() {}
