use memo_runtime::memoize;

#[memoize(unbounded)]
fn head<'t>(text: &'t str) -> Option<&'t str> { //~ ERROR
    text.split(' ').next()
}

fn main() {}
