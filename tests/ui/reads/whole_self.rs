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

    #[memoize(scope = "type", unbounded, reads(rate: u64))]
    fn tax(&self, price: u64) -> u64 {
        helper(self) * price //~ ERROR mismatched types
    }
}

fn helper(shop: &Shop) -> u64 {
    shop.rate
}

fn main() {}
