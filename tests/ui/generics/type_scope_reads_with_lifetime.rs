use memo_runtime::memoize;

#[memoize]
struct Parser<'a> {
    text: &'a str,
}

#[memoize]
impl<'a> Parser<'a> {
    #[memoize]
    fn len(&self) -> usize {
        self.text.len()
    }

    #[memoize(scope = "type", unbounded, reads(text: &'a str))] //~ ERROR the key of a type-scoped method cannot name the lifetime `'a`
    fn count(&self, letter: char) -> usize {
        self.text.matches(letter).count()
    }
}

fn main() {}
