#[memoize]
impl Shop {
    #[memoize(scope = "type", unbounded, reads(rate: f64))]
    pub fn tax(&self, net: f64) -> f64 {
        Self::rounded(net * self.rate)
    }
}
