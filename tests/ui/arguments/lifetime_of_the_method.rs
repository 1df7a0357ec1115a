use memo_runtime::memoize;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Token<'a>(&'a str);

#[memoize(unbounded)]
fn length<'a>(token: Token<'a>) -> usize { //~ ERROR a borrowed type cannot be part of a key
    token.0.len()
}

fn main() {}
