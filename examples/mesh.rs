//! Geometry that changes: each change forgets what depended on it, and keeps the rest.
//!
//! Run it with `cargo run --example mesh`. It checks itself.

use memo_runtime::memoize;

type Point = [f64; 3];

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn cross(a: Point, b: Point) -> Point {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn length(a: Point) -> f64 {
    a.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[memoize]
struct Mesh {
    points: Vec<Point>,
    triangles: Vec<[usize; 3]>,
    name: String,
    /// A price a unit of area.
    price: f64,
}

#[memoize]
impl Mesh {
    fn tetrahedron() -> Self {
        Self {
            points: vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            triangles: vec![[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]],
            name: String::from("tetrahedron"),
            price: 2.0,
        }
    }

    /// A reference to what is in the cache: nothing is cloned.
    #[memoize(returns = "ref")]
    fn normals(&self) -> Vec<Point> {
        println!("      (normals)");
        let corner = |triangle: &[usize; 3], n: usize| self.points[triangle[n]];
        let normal =
            |t| cross(minus(corner(t, 1), corner(t, 0)), minus(corner(t, 2), corner(t, 0)));
        self.triangles.iter().map(normal).collect()
    }

    #[memoize]
    fn surface(&self) -> f64 {
        println!("      (surface)");
        self.normals().iter().map(|normal| length(*normal) / 2.0).sum()
    }

    /// The triangles at a point.
    #[memoize(returns = "ref")]
    fn neighbours(&self, point: usize) -> Vec<usize> {
        println!("      (neighbours of {point})");
        let touches = |(_, t): &(usize, &[usize; 3])| t.contains(&point);
        self.triangles.iter().enumerate().filter(touches).map(|(index, _)| index).collect()
    }

    #[memoize]
    fn cost(&self) -> f64 {
        println!("      (cost)");
        self.surface() * self.price
    }

    #[memoize]
    fn label(&self) -> String {
        println!("      (label)");
        format!("{} ({})", self.name, self.triangles.len())
    }

    fn move_point(&mut self, point: usize, by: Point) {
        let point = &mut self.points[point];
        *point = [point[0] + by[0], point[1] + by[1], point[2] + by[2]];
    }

    fn set_price(&mut self, price: f64) {
        self.price = price;
    }

    fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    fn split(&mut self, triangle: usize) {
        let [a, b, c] = self.triangles[triangle];
        let third = |n: usize| (self.points[a][n] + self.points[b][n] + self.points[c][n]) / 3.0;
        let middle = [third(0), third(1), third(2)];
        let new = self.points.len();
        self.points.push(middle);
        self.triangles[triangle] = [a, b, new];
        self.triangles.extend([[b, c, new], [c, a, new]]);
    }
}

impl Mesh {
    /// Which caches hold something.
    fn kept(&self) -> Vec<&'static str> {
        let caches = [
            ("normals", self.normals_cache().len()),
            ("surface", self.surface_cache().len()),
            ("neighbours", self.neighbours_cache().len()),
            ("cost", self.cost_cache().len()),
            ("label", self.label_cache().len()),
        ];
        caches.into_iter().filter(|(_, len)| *len > 0).map(|(name, _)| name).collect()
    }

    fn fill(&self) {
        println!("   asking for everything:");
        println!(
            "      {}: surface {:.3}, cost {:.3}, {} triangles at point 0",
            self.label(),
            self.surface(),
            self.cost(),
            self.neighbours(0).len()
        );
    }
}

fn main() {
    let mut mesh = Mesh::tetrahedron();
    mesh.fill();
    assert_eq!(mesh.kept(), ["normals", "surface", "neighbours", "cost", "label"]);

    println!("set_price(3.0) keeps all but the cost: {:?}", {
        mesh.set_price(3.0);
        mesh.kept()
    });
    assert_eq!(mesh.kept(), ["normals", "surface", "neighbours", "label"]);
    mesh.fill();

    println!("rename(\"stone\") keeps all but the label: {:?}", {
        mesh.rename("stone");
        mesh.kept()
    });
    assert_eq!(mesh.kept(), ["normals", "surface", "neighbours", "cost"]);
    mesh.fill();

    println!("move_point(3, [0, 0, 1]) keeps what is not about points: {:?}", {
        mesh.move_point(3, [0.0, 0.0, 1.0]);
        mesh.kept()
    });
    assert_eq!(mesh.kept(), ["neighbours", "label"]);
    mesh.fill();

    let before = mesh.surface();
    println!("split(3) keeps nothing: {:?}", {
        mesh.split(3);
        mesh.kept()
    });
    assert!(mesh.kept().is_empty());
    mesh.fill();
    assert!((mesh.surface() - before).abs() < 1e-12);
    assert_eq!(mesh.label(), "stone (6)");
}
