use memo_runtime::memoize;

#[memoize]
struct Parser<'a> {
    text: &'a str,
}

#[memoize]
impl <'a> Parser<'a> {
    #[memoize]
    fn len(&self) -> usize {
        self.text.len()
    }

    #[memoize(scope = "type", unbounded)]
    fn count(words: Vec<&'a str>) -> usize { //~ ERROR the key of a type-scoped method cannot name the lifetime `'a`
        words.len()
    }
}

fn main() {}
