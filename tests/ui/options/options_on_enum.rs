use memo_runtime::memoize;

#[memoize(scope = "type")]
enum Shape { //~ ERROR an enum cannot be memoized
    Square,
}

fn main() {}
