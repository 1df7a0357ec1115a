use memo_runtime::memoize;

#[memoize]
struct Shop {
    rate: u64,
    name: String,
}

#[memoize]
impl Shop {
    #[memoize]
    fn size(&self) -> usize {
        self.name.len()
    }

    fn plain(&self) -> u64 {
        self.rate
    }

    #[memoize(scope = "type", unbounded, reads(rate: u64))]
    fn tax(&self, price: u64) -> u64 {
        self.rate * price + self.plain() //~ ERROR no method named `plain` found for reference `&__ShopReads` in the current scope
    }
}

fn main() {}
