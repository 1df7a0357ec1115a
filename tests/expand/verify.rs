#[memoize]
impl Shelf {
    #[memoize]
    fn total(&self, factor: f64) -> Result<f64, Error> {
        Ok(self.sum()? * factor)
    }

    #[memoize(verify = false)]
    fn age(&self) -> Duration {
        self.made.elapsed()
    }

    #[memoize(changes(log))]
    fn note(&mut self, line: &str) {
        self.log.push(line)
    }
}

#[memoize(unbounded, verify = false)]
fn seconds(path: &str) -> u64 {
    age_of(path)
}
