use memo_runtime::memoize;

#[memoize(unbounded)]
fn head<'t>(text: &'t str) -> Option<&'t str> { //~ ERROR a memoized result cannot borrow from `self` or an argument
    text.split(' ').next()
}

fn main() {}
