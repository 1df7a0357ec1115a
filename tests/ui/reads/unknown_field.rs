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

    #[memoize(scope = "type", unbounded, reads(rat: u64))] //~ ERROR no field `rat` on type `&Shop`
    fn tax(&self, price: u64) -> u64 {
        self.rat * price
    }
}

fn main() {}
