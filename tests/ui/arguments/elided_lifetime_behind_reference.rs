use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn total(&self, text: &std::borrow::Cow<'_, str>) -> u64 { //~ ERROR a borrowed type cannot be part of a key
        self.side + text.len() as u64
    }
}

fn main() {}
