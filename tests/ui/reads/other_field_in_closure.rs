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
        let add = |n: u64| n + self.name.len() as u64; //~ ERROR no field `name` on type `&__ShopReads`
        add(self.rate * price)
    }
}

fn main() {}
