#[memoize(engine = moka::sync::Cache::builder().max_capacity(1 << 20).build())]
fn outline(glyph: u32, size: f64) -> Arc<Outline> {
    draw(glyph, size)
}

#[memoize(engine = Generation::new(100), ttl = "30s", single_flight, stats)]
fn rate(from: &str) -> Result<f64, RateError> {
    ask(from)
}

#[memoize]
impl<T: Shape + 'static> Drawer<T> {
    #[memoize(engine = quick_cache::sync::Cache::new(T::GLYPHS))]
    pub fn glyph(code: u32) -> Outline {
        T::draw(code)
    }
}
