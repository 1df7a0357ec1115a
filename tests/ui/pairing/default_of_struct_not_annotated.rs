use memo_runtime::memoize;

struct Shape {
    side: u64,
}

#[memoize]
impl Default for Shape { //~ ERROR
    fn default() -> Self {
        Self { side: 1 }
    }
}

fn main() {}
