#[memoize]
impl Feed {
    #[memoize(ttl = "30s")]
    fn keys(&self) -> Vec<Key> {
        self.server.fetch()
    }
    #[memoize(ttl = self.age, capacity = 100)]
    fn rate(&self, from: &str) -> f64 {
        self.server.rate(from)
    }
    #[memoize(scope = "type", unbounded, ttl = |profile| profile.valid_for())]
    fn profile(user: u64) -> Result<Profile, ApiError> {
        fetch(user)
    }
}
#[memoize(capacity = 8, policy = "sieve", ttl = "1h30m")]
fn outline(glyph: u32) -> Outline {
    draw(glyph)
}
