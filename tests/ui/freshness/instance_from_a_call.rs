//! What an argument hands out when it is called may be an instance that somebody else has.
use memo_runtime::memoize;

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

    fn grow<'a>(next: impl FnOnce() -> &'a mut Self) { //~ ERROR an instance could change unseen through this argument
        let shape = next();
        shape.area();
        shape.side += 1;
    }
}

fn main() {}
