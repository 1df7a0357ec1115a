#[memoize]
impl Circle {
    #[memoize(scope = "global")]
    fn area(&self) -> f64 {
        self.radius
    }
    #[memoize]
    fn width(&self) -> f64 {
        2.0 * self.radius
    }
}
