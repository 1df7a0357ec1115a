//! Memoized methods of a trait, called through `dyn`.
//!
//! A trait has no fields, so its default methods cannot be memoized; the methods of each `impl` can, in the instance that they belong
//! to. Run it with `cargo run --example trait_objects`. It checks itself.

use memo_runtime::memoize;

trait Shape {
    fn name(&self) -> &'static str;
    fn area(&self) -> f64;
    fn scale(&mut self, by: f64);
    /// Not memoized itself, and as fast: it calls what is.
    fn describe(&self) -> String {
        format!("{} of {:.2}", self.name(), self.area())
    }
}

#[memoize]
struct Circle {
    radius: f64,
}

#[memoize]
impl Shape for Circle {
    fn name(&self) -> &'static str {
        "circle"
    }
    #[memoize(stats)]
    fn area(&self) -> f64 {
        std::f64::consts::PI * self.radius * self.radius
    }
    fn scale(&mut self, by: f64) {
        self.radius *= by;
    }
}

#[memoize]
struct Polygon {
    points: Vec<(f64, f64)>,
}

#[memoize]
impl Shape for Polygon {
    fn name(&self) -> &'static str {
        "polygon"
    }
    #[memoize(stats)]
    fn area(&self) -> f64 {
        let points = &self.points;
        let next = points.iter().cycle().skip(1);
        points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
    }
    fn scale(&mut self, by: f64) {
        for point in &mut self.points {
            *point = (point.0 * by, point.1 * by);
        }
    }
}

fn main() {
    let square = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let mut shapes: Vec<Box<dyn Shape>> = vec![
        Box::new(Circle { radius: 1.0, memo: Default::default() }),
        Box::new(Polygon { points: square, memo: Default::default() }),
    ];
    for round in 1..=2 {
        println!("round {round}:");
        for shape in &shapes {
            println!("   {}", shape.describe());
        }
        for shape in &mut shapes {
            shape.scale(2.0); // through `dyn` as well: the method of the block forgets
        }
    }
    assert_eq!(shapes[1].area(), 16.0);

    // The accessor is an inherent method of the type, for its own crate.
    let circle = Circle { radius: 1.0, memo: Default::default() };
    circle.describe();
    circle.describe();
    println!("twice the same circle: {}", circle.area_cache().info());
    assert_eq!(circle.area_cache().info().hits, Some(1));
}
