use memo_runtime::memoize;

struct Shape {
    side: u64,
}

#[memoize]
impl Default for Shape {
    fn default() -> Self {
        Self { side: 1 } //~ ERROR struct `Shape` has no field named `memo`
    }
}

fn main() {}
