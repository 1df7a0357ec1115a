use memo_runtime::memoize;

#[memoize(scope = "type")]
enum Shape { //~ ERROR
    Square,
}

fn main() {}
