use memo_runtime::memoize;

trait Area<T> {
    fn area(&self, unit: T) -> u32;
}

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
}

#[memoize]
impl<T: Clone + std::hash::Hash + Eq> Area<T> for S { //~ ERROR an instance-scoped method cannot depend on `T`
    #[memoize]
    fn area(&self, unit: T) -> u32 {
        let _ = unit;
        self.x
    }
}

fn main() {}
