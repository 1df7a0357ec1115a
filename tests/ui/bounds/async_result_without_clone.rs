use memo_runtime::memoize;

struct Unit(u64);

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize]
    async fn convert(&self, by: u64) -> Unit { //~ ERROR a result of type `Unit` cannot be cached
        Unit(self.side * by)
    }
}

fn main() {}
