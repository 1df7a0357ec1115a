use memo_runtime::memoize;

#[memoize(unbounded)]
fn head(text: &str) -> &str { //~ ERROR
    text.split(' ').next().unwrap_or_default()
}

fn main() {}
