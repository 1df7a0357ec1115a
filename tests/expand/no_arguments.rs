#[memoize]
impl Circle {
    #[memoize]
    fn area(&self) -> f64 {
        self.radius * self.radius
    }
}
