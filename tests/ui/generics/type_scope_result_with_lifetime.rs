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
    fn empty(n: usize) -> Vec<&'a str> { //~ ERROR the result of a type-scoped method cannot name the lifetime `'a`
        vec![""; n]
    }
}

fn main() {}
