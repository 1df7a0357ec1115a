use memo_runtime::memoize;

#[memoize(unbounded)]
fn head(text: &str) -> &str { //~ ERROR a memoized result cannot borrow from `self` or an argument
    text.split(' ').next().unwrap_or_default()
}

fn main() {}
