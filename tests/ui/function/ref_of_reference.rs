use memo_runtime::memoize;

#[memoize]
struct Parser {
    text: String,
}

#[memoize]
impl Parser {
    #[memoize(returns = "ref")]
    fn name(&self) -> &str { //~ ERROR `returns = "ref"` makes the reference itself
        &self.text
    }
    #[memoize(returns = "ref")]
    fn rest(&self, skip: usize) -> Result<&str, usize> { //~ ERROR `returns = "ref"` makes the reference itself
        self.text.get(skip..).ok_or(skip)
    }
    #[memoize(returns = "ref")]
    fn label(&self) -> &'static str {
        "a reference of its own is a value like any other"
    }
}

fn main() {}
