use memo_runtime::memoize;

#[memoize]
struct S {
    x: u32,
}

#[memoize]
impl S {
    #[memoize]
    fn double(&self) -> u32 {
        self.x * 2
    }
    const fn set(&mut self, x: u32) { //~ ERROR a `const` method that takes `&mut self` or `self` cannot forget what it changes
        self.x = x;
    }
}

fn main() {}
