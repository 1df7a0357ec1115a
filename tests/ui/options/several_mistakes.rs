use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize(scope = "global")] //~ ERROR unknown scope `"global"`
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize]
    fn grow(&mut self) -> u64 { //~ ERROR a `&mut self` method cannot be memoized
        self.side += 1;
        self.side
    }

    #[memoize]
    fn scaled(&self, by: *const u64) -> u64 { //~ ERROR a pointer cannot be part of a key
        self.side * by as u64
    }
}

fn main() {}
