use memo_runtime::memoize;

struct Shop {
    rate: u64,
}

#[memoize]
impl Shop {
    #[memoize(scope = "type", engine = moka::sync::Cache::new(self.rate), reads(rate: u64))] //~ ERROR `self` is not in scope in `engine`, which is evaluated once, for all instances; remove it
    fn gross(&self, net: u64) -> u64 {
        net + net * self.rate / 100
    }
}

fn main() {}
