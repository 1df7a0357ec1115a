use memo_runtime::memoize;

#[memoize]
struct Shop {
    rate: u64,
}

#[memoize]
impl Shop {
    #[memoize]
    fn double(&self) -> u64 {
        self.rate * 2
    }

    #[memoize(scope = "type", unbounded, reads(rate: u32))] //~ ERROR mismatched types
    fn tax(&self, price: u64) -> u64 {
        u64::from(self.rate) * price
    }
}

fn main() {}
