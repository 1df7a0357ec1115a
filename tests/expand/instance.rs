#[memoize]
impl Circle {
    /// The area.
    #[memoize(capacity = 128)]
    pub fn area(&self, scale: f64, unit: &str) -> f64 {
        if unit.is_empty() {
            return 0.0;
        }
        self.radius * self.radius * scale
    }
}
