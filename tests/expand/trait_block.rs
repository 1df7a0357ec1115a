#[memoize]
impl Shape for Circle {
    type Unit = Meter;
    #[memoize(stats)]
    fn area(&self, unit: Self::Unit) -> Area {
        unit.area(self.radius)
    }
}
