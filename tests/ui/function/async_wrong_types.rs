// The body of an `async` function is checked against the type that the function says, at the user's own tokens.
use memo_runtime::memoize;

#[memoize(unbounded)]
async fn tail(n: u64) -> u64 {
    if n > 1 {
        return n;
    }
    "one" //~ ERROR mismatched types
}

#[memoize(unbounded)]
async fn early(n: u64) -> u64 {
    if n > 1 {
        return "many"; //~ ERROR mismatched types
    }
    n
}

#[memoize(unbounded)]
async fn nothing(n: u64) -> u64 { //~ ERROR mismatched types
    n;
}

fn main() {}
