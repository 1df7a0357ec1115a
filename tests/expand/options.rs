#[memoize]
impl Index {
    #[memoize(skip(log))]
    fn skipped(&self, word: &str, log: &dyn Log) -> usize {
        log.note(word);
        self.find(word)
    }
    #[memoize(key(id: u64 = user.id))]
    fn keyed(&self, user: &User) -> String {
        user.name.clone()
    }
    #[memoize(cache_if = |found| found.is_some())]
    fn filtered(&self, (a, b): (u32, u32), mut n: u32, _: u8) -> Option<u32> {
        n += a;
        Some(n + b)
    }
    #[memoize(returns = "ref")]
    fn borrowed(&self, word: String) -> Vec<usize> {
        self.all(word)
    }
    #[memoize]
    fn perhaps_a_result(&self, word: &str) -> io::Result<usize> {
        self.read(word)
    }
}
