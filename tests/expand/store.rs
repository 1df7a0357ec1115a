#[memoize(store = &BILLING, ttl = "5m", single_flight, stats)]
fn exchange_rate(from: &str, to: &str) -> Result<f64, RateError> {
    ask(from, to)
}

#[memoize]
impl<T: Model + 'static> Service<T> {
    #[memoize(store = &PROFILES, ttl = |profile| profile.valid_for())]
    pub async fn profile(user: u64) -> Result<Profile, ApiError> {
        T::fetch(user).await
    }

    #[memoize(store = &PROFILES, unbounded, name = "weights", version = T::VERSION)]
    fn weights() -> Vec<f64> {
        T::weights()
    }
}
