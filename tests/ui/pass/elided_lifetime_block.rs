use memo_runtime::memoize;

#[memoize]
struct Parser<'a> {
    text: &'a str,
}

#[memoize]
impl Parser<'_> {
    #[memoize]
    fn len(&self) -> usize {
        self.text.len()
    }

    #[memoize(capacity = 4)]
    fn count(&self, letter: char) -> usize {
        self.text.matches(letter).count()
    }

    fn cut(&mut self) {
        self.text = &self.text[1..];
    }
}

fn main() {}
