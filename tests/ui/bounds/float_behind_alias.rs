use memo_runtime::memoize;

type Meters = f64;

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
    fn convert(&self, by: Meters) -> u64 { //~ ERROR a value of type `f64` cannot be part of a key
        self.side * by as u64
    }
}

fn main() {}
