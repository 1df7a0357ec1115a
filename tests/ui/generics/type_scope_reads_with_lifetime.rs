use memo_runtime::memoize;

#[memoize]
struct Parser<'a> {
    text: &'a str,
}

#[memoize]
impl <'a> Parser<'a> {
    #[memoize(scope = "type", unbounded, reads(text: &'a str))] //~ ERROR
    fn len(&self) -> usize {
        self.text.len()
    }
}

fn main() {}
