use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(scope = "global")] //~ ERROR unknown scope `"global"`
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
