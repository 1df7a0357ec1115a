use memo_runtime::memoize;

#[memoize]
struct Shop {
    rate: u64,
    name: String,
}

#[memoize]
impl Shop {
    #[memoize]
    fn shelf_space(&self) -> usize {
        self.name.len()
    }

    #[memoize(scope = "type", unbounded, reads(rate: u64))]
    fn tax(&self, price: u64) -> u64 {
        self.rate * price + self.shelf_space() as u64 //~ ERROR no method named `shelf_space` found for reference `&__ShopReads` in the current scope
    }
}

fn main() {}
