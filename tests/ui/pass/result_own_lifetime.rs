use memo_runtime::memoize;

#[memoize]
struct Parser<'a> {
    text: &'a str,
}

#[memoize]
impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self { text }
    }

    #[memoize]
    fn word(&self, n: usize) -> Option<&'a str> {
        self.text.split(' ').nth(n)
    }

    #[memoize]
    fn words(&self) -> Vec<&'a str> {
        self.text.split(' ').collect()
    }
}

fn main() {}
