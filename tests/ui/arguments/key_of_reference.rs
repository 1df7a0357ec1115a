use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(key(text: &str = text))] //~ ERROR a part of `key` is owned
    fn count(&self, text: &str) -> u64 {
        self.side + text.len() as u64
    }
}

fn main() {}
