use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(key(text: Box<dyn ToString> = Box::new(text)))] //~ ERROR a trait object cannot be part of a key
    fn count(&self, text: u64) -> u64 {
        self.side + text
    }
}

fn main() {}
