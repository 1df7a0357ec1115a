use memo_runtime::memoize;
use std::borrow::Cow;

trait Parse<'a> {
    fn first(&self, text: Cow<'a, str>) -> Option<u8>;
    fn rest(&self, text: Option<&'a str>) -> Result<&'a str, u8>;
}

#[memoize]
struct Parser {
    skip: usize,
}

#[memoize]
impl<'a> Parse<'a> for Parser {
    #[memoize]
    fn first(&self, text: Cow<'a, str>) -> Option<u8> { //~ ERROR the key of an instance-scoped method cannot name `'a`
        text.bytes().nth(self.skip)
    }
    #[memoize]
    fn rest(&self, text: Option<&'a str>) -> Result<&'a str, u8> { //~ ERROR the result of an instance-scoped method cannot name `'a`
        Ok(&text.unwrap_or_default()[self.skip..])
    }
}

fn main() {}
