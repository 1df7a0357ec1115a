use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn count<'t, 'u>(&self, text: &'t str, other: &'u str) -> usize
    where
        't: 'u,
    {
        text.len() + other.len() + self.side as usize
    }
}

fn main() {}
