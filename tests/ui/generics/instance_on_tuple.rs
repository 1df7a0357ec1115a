use memo_runtime::memoize;

trait Sum {
    fn sum(&self) -> u64;
}

#[memoize]
impl Sum for (u64, u64) { //~ ERROR an instance-scoped method needs a struct to keep its cache in
    #[memoize]
    fn sum(&self) -> u64 {
        self.0 + self.1
    }
}

fn main() {}
