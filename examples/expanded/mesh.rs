//! What `#[memoize]` makes of `examples/mesh.rs`; a test keeps it so.

#![allow(clippy::all, clippy::pedantic)]
#![cfg_attr(rustfmt, rustfmt_skip)]

use memo_runtime::__private as memo;
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
struct Mesh {
    points: Vec<Point>,
    triangles: Vec<[usize; 3]>,
    name: String,
    /// A price a unit of area.
    price: f64,
    #[doc(hidden)]
    memo: memo::InstanceCaches<Self>,
}
#[automatically_derived]
impl memo::CacheField for Mesh {
    #[allow(deprecated, unused_imports)]
    const FIELDS: memo::FieldList = {
        use memo::Unknown as _;
        memo::FieldList::new(
            ::core::module_path!(),
            &[
                memo::NamedField::new(
                    "points",
                    memo::Holding::<Vec<Point>>::MAY_BE_REFERENCE,
                    memo::Holding::<Vec<Point>>::MAY_HOLD_REFERENCE,
                    memo::Holding::<Vec<Point>>::LOOKS,
                    memo::Holding::<Vec<Point>>::CLONES,
                ),
                memo::NamedField::new(
                    "triangles",
                    memo::Holding::<Vec<[usize; 3]>>::MAY_BE_REFERENCE,
                    memo::Holding::<Vec<[usize; 3]>>::MAY_HOLD_REFERENCE,
                    memo::Holding::<Vec<[usize; 3]>>::LOOKS,
                    memo::Holding::<Vec<[usize; 3]>>::CLONES,
                ),
                memo::NamedField::new(
                    "name",
                    memo::Holding::<String>::MAY_BE_REFERENCE,
                    memo::Holding::<String>::MAY_HOLD_REFERENCE,
                    memo::Holding::<String>::LOOKS,
                    memo::Holding::<String>::CLONES,
                ),
                memo::NamedField::plain("price"),
            ],
        )
    };
    #[inline]
    fn caches(&self) -> &memo::InstanceCaches<Self> {
        &self.memo
    }
    #[inline]
    fn caches_mut(&mut self) -> &mut memo::InstanceCaches<Self> {
        &mut self.memo
    }
}
#[automatically_derived]
impl memo::CacheHome for Mesh {
    type AllCaches = (<Self as memo::MemoizedBlock<memo::Unnamed>>::Caches,);
}
#[automatically_derived]
impl memo::BlockHome<memo::Unnamed> for Mesh {
    type Caches = <Self as memo::MemoizedBlock<memo::Unnamed>>::Caches;
    #[inline]
    fn block(caches: &Self::AllCaches) -> &Self::Caches {
        &caches.0
    }
}
#[automatically_derived]
impl memo::Steady for Mesh {}
const _: () = {
    #[allow(deprecated, unused_imports, clippy::multiple_bound_locations)]
    fn __asking(instance: &Mesh)
    where
        for<'__any> Mesh: ::core::panic::RefUnwindSafe,
    {
        use memo::{Field, steady};
        steady(Field::of(&instance.points).kind());
        steady(Field::of(&instance.triangles).kind());
        steady(Field::of(&instance.name).kind());
        steady(Field::of(&instance.price).kind());
    }
};
impl Mesh {
    fn tetrahedron() -> Self {
        Self {
            points: vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            triangles: vec![[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]],
            name: String::from("tetrahedron"),
            price: 2.0,
            memo: ::core::default::Default::default(),
        }
    }
    /// A reference to what is in the cache: nothing is cloned.
    fn normals(&self) -> &Vec<Point> {
        memo::instance(self, |caches| &caches.normals)
            .call_ref(
                (),
                |()| -> Vec<Point> {
                    println!("      (normals)");
                    let corner = |triangle: &[usize; 3], n: usize| {
                        self.points[triangle[n]]
                    };
                    let normal = |t| cross(
                        minus(corner(t, 1), corner(t, 0)),
                        minus(corner(t, 2), corner(t, 0)),
                    );
                    self.triangles.iter().map(normal).collect()
                },
            )
    }
    /// The cache of `normals`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `points` and `triangles`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn normals_cache(
        &self,
    ) -> memo::MethodCache<
        '_,
        impl memo::LastingCacheOf<'_, (), Vec<Point>>,
        memo::HandsOutReferences,
    > {
        memo::instance(self, |caches| &caches.normals).lasting_cache()
    }
    fn surface(&self) -> f64 {
        memo::instance(self, |caches| &caches.surface)
            .call(
                (),
                |()| -> f64 {
                    println!("      (surface)");
                    self.normals().iter().map(|normal| length(*normal) / 2.0).sum()
                },
            )
    }
    /// The cache of `surface`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `points` and `triangles`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn surface_cache(&self) -> memo::MethodCache<'_, impl memo::CacheOf<(), f64>> {
        memo::instance(self, |caches| &caches.surface).cache()
    }
    /// The triangles at a point.
    fn neighbours(&self, point: usize) -> &Vec<usize> {
        memo::instance(self, |caches| &caches.neighbours)
            .call_ref(
                (point,),
                |(point,)| -> Vec<usize> {
                    println!("      (neighbours of {point})");
                    let touches = |(_, t): &(usize, &[usize; 3])| t.contains(&point);
                    self.triangles
                        .iter()
                        .enumerate()
                        .filter(touches)
                        .map(|(index, _)| index)
                        .collect()
                },
            )
    }
    /// The cache of `neighbours`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `triangles`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn neighbours_cache(
        &self,
    ) -> memo::MethodCache<
        '_,
        impl memo::LastingCacheOf<'_, (memo::ByValue<usize>,), Vec<usize>>,
        memo::HandsOutReferences,
    > {
        memo::instance(self, |caches| &caches.neighbours).lasting_cache()
    }
    fn cost(&self) -> f64 {
        memo::instance(self, |caches| &caches.cost)
            .call(
                (),
                |()| -> f64 {
                    println!("      (cost)");
                    self.surface() * self.price
                },
            )
    }
    /// The cache of `cost`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `points`, `price` and `triangles`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn cost_cache(&self) -> memo::MethodCache<'_, impl memo::CacheOf<(), f64>> {
        memo::instance(self, |caches| &caches.cost).cache()
    }
    fn label(&self) -> String {
        memo::instance(self, |caches| &caches.label)
            .call(
                (),
                |()| -> String {
                    println!("      (label)");
                    format!("{} ({})", self.name, self.triangles.len())
                },
            )
    }
    /// The cache of `label`: its size and counts, and ways to look up, insert and forget entries. Its results depend on `name` and `triangles`: what changes that forgets them.
    #[allow(dead_code)]
    #[must_use]
    #[inline]
    fn label_cache(&self) -> memo::MethodCache<'_, impl memo::CacheOf<(), String>> {
        memo::instance(self, |caches| &caches.label).cache()
    }
    fn move_point(&mut self, point: usize, by: Point) {
        memo::Instance::new(self)
            .forget(const {
                memo::FieldsOf::<Self>::LIST.changed(::core::module_path!(), &["points"])
            });
        let point = &mut self.points[point];
        *point = [point[0] + by[0], point[1] + by[1], point[2] + by[2]];
    }
    fn set_price(&mut self, price: f64) {
        memo::Instance::new(self)
            .forget(const {
                memo::FieldsOf::<Self>::LIST.changed(::core::module_path!(), &["price"])
            });
        self.price = price;
    }
    fn rename(&mut self, name: &str) {
        memo::Instance::new(self)
            .forget(const {
                memo::FieldsOf::<Self>::LIST.changed(::core::module_path!(), &["name"])
            });
        name.clone_into(&mut self.name);
    }
    fn split(&mut self, triangle: usize) {
        memo::Instance::new(self)
            .forget(const {
                memo::FieldsOf::<Self>::LIST
                    .changed(
                        ::core::module_path!(),
                        &["points.len()", "points.push()", "triangles"],
                    )
            });
        let [a, b, c] = self.triangles[triangle];
        let third = |n: usize| {
            (self.points[a][n] + self.points[b][n] + self.points[c][n]) / 3.0
        };
        let middle = [third(0), third(1), third(2)];
        let new = self.points.len();
        self.points.push(middle);
        self.triangles[triangle] = [a, b, new];
        self.triangles.extend([[b, c, new], [c, a, new]]);
    }
}
#[allow(unused_imports)]
use memo::AnyFields as _;
const _: () = {
    #[allow(dead_code)]
    pub struct __MeshCaches {
        normals: memo::Reading<memo::KeptOnce<Vec<Point>>, 0>,
        surface: memo::Reading<memo::Once<f64>, 1>,
        neighbours: memo::Reading<memo::KeptMap<(memo::ByValue<usize>,), Vec<usize>>, 2>,
        cost: memo::Reading<memo::Once<f64>, 3>,
        label: memo::Reading<memo::Once<String>, 4>,
    }
    #[automatically_derived]
    impl memo::CacheSet for __MeshCaches {
        const READS: &'static [memo::Fields] = &[
            memo::FieldsOf::<Mesh>::LIST
                .read(::core::module_path!(), &["points", "triangles"]),
            memo::FieldsOf::<Mesh>::LIST
                .read(::core::module_path!(), &["points", "triangles"]),
            memo::FieldsOf::<Mesh>::LIST.read(::core::module_path!(), &["triangles"]),
            memo::FieldsOf::<Mesh>::LIST
                .read(::core::module_path!(), &["points", "price", "triangles"]),
            memo::FieldsOf::<Mesh>::LIST
                .read(::core::module_path!(), &["name", "triangles"]),
        ];
        fn new() -> Self {
            Self {
                normals: memo::Reading::new(memo::KeptOnce::new()),
                surface: memo::Reading::new(memo::Once::new()),
                neighbours: memo::Reading::new(memo::KeptMap::new()),
                cost: memo::Reading::new(memo::Once::new()),
                label: memo::Reading::new(memo::Once::new()),
            }
        }
        fn take(&mut self, changed: memo::Fields, gone: &mut Self) {
            self.normals.take::<Self>(changed, &mut gone.normals);
            self.surface.take::<Self>(changed, &mut gone.surface);
            self.neighbours.take::<Self>(changed, &mut gone.neighbours);
            self.cost.take::<Self>(changed, &mut gone.cost);
            self.label.take::<Self>(changed, &mut gone.label);
        }
        fn absorb(&self, other: &Self) {
            self.normals.absorb(&other.normals);
            self.surface.absorb(&other.surface);
            self.neighbours.absorb(&other.neighbours);
            self.cost.absorb(&other.cost);
            self.label.absorb(&other.label);
        }
    }
    #[automatically_derived]
    impl memo::MemoizedBlock<memo::Unnamed> for Mesh {
        type Caches = __MeshCaches;
    }
};
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
            "      {}: surface {:.3}, cost {:.3}, {} triangles at point 0", self.label(),
            self.surface(), self.cost(), self.neighbours(0).len()
        );
    }
}
fn main() {
    let mut mesh = Mesh::tetrahedron();
    mesh.fill();
    assert_eq!(mesh.kept(), ["normals", "surface", "neighbours", "cost", "label"]);
    println!(
        "set_price(3.0) keeps all but the cost: {:?}", { mesh.set_price(3.0); mesh.kept()
        }
    );
    assert_eq!(mesh.kept(), ["normals", "surface", "neighbours", "label"]);
    mesh.fill();
    println!(
        "rename(\"stone\") keeps all but the label: {:?}", { mesh.rename("stone"); mesh
        .kept() }
    );
    assert_eq!(mesh.kept(), ["normals", "surface", "neighbours", "cost"]);
    mesh.fill();
    println!(
        "move_point(3, [0, 0, 1]) keeps what is not about points: {:?}", { mesh
        .move_point(3, [0.0, 0.0, 1.0]); mesh.kept() }
    );
    assert_eq!(mesh.kept(), ["neighbours", "label"]);
    mesh.fill();
    let before = mesh.surface();
    println!("split(3) keeps nothing: {:?}", { mesh.split(3); mesh.kept() });
    assert!(mesh.kept().is_empty());
    mesh.fill();
    assert!((mesh.surface() - before).abs() < 1e-12);
    assert_eq!(mesh.label(), "stone (6)");
}
