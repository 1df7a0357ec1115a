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
    fn convert(&self, by: u64) -> Result<Unit, String> { //~ ERROR a result of type `Unit` cannot be cached
        Ok(Unit(self.side * by))
    }
}

fn main() {}
