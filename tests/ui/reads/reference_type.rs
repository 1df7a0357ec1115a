use memo_runtime::memoize;

#[memoize]
struct Shop {
    rate: &'static u64,
}

#[memoize]
impl Shop {
    #[memoize]
    fn double(&self) -> u64 {
        self.rate * 2
    }

    #[memoize(scope = "type", unbounded, reads(rate: &u64))] //~ ERROR a field in `reads` is owned
    fn tax(&self, price: u64) -> u64 {
        *self.rate * price
    }
}

fn main() {}
