use memo_runtime::memoize;

trait Sum {
    fn sum(&self) -> u64;
}

#[memoize]
impl Sum for (u64, u64) { //~ ERROR
    #[memoize]
    fn sum(&self) -> u64 {
        self.0 + self.1
    }
}

fn main() {}
