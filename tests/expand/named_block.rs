#[memoize(block = "drawing")]
impl Draw for Circle {
    #[memoize]
    fn outline(&self) -> Outline {
        Outline::of(self)
    }
}
