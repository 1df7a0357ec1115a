#[memoize]
impl Rates {
    #[memoize(single_flight, capacity = 8)]
    fn rate(&self, currency: &str) -> f64 {
        self.ask(currency)
    }

    #[memoize(single_flight, unbounded)]
    async fn shared(day: u32) -> Result<Vec<f64>, Error> {
        ask(day).await
    }

    #[memoize(single_flight, returns = "ref")]
    fn table(&self) -> Vec<f64> {
        self.all()
    }
}

#[memoize(single_flight, cache_if = |price| *price > 0)]
fn price() -> u64 {
    ask()
}
