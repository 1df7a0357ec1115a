//! Geometry, graphics and simulation with caches by hand, ported to memo: do they answer as without, and hit where nothing changed?

// The programs are written as they stand in the wild.
#![allow(clippy::pedantic)]

#[path = "support/ports.rs"]
mod ports;

/// A polygon with a bounding box that each change of a vertex invalidates.
mod polygon {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::fmt;

    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Point {
        pub x: f64,
        pub y: f64,
    }

    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Bounds {
        pub min: Point,
        pub max: Point,
    }

    #[derive(Debug, PartialEq)]
    pub enum PolygonError {
        NoSuchVertex(usize),
        TooFew,
    }

    #[memoize]
    #[derive(Debug, Clone, PartialEq)]
    pub struct Polygon {
        vertices: Vec<Point>,
        name: String,
        fill: Option<u32>,
    }

    #[memoize]
    impl Polygon {
        pub fn new(name: impl Into<String>, vertices: Vec<Point>) -> Result<Self, PolygonError> {
            if vertices.len() < 3 {
                return Err(PolygonError::TooFew);
            }
            Ok(Self { vertices, name: name.into(), fill: None })
        }

        #[memoize]
        pub fn area(&self) -> f64 {
            body();
            let next = self.vertices.iter().cycle().skip(1);
            self.vertices.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
        }

        #[memoize]
        pub fn bounds(&self) -> Bounds {
            body();
            let mut bounds = Bounds { min: self.vertices[0], max: self.vertices[0] };
            for &Point { x, y } in &self.vertices {
                bounds.min = Point { x: bounds.min.x.min(x), y: bounds.min.y.min(y) };
                bounds.max = Point { x: bounds.max.x.max(x), y: bounds.max.y.max(y) };
            }
            bounds
        }

        pub fn translate(&mut self, by: Point) {
            for Point { x, y } in &mut self.vertices {
                *x += by.x;
                *y += by.y;
            }
        }

        pub fn move_vertex(&mut self, index: usize, to: Point) -> Result<Point, PolygonError> {
            let vertex = self.vertices.get_mut(index).ok_or(PolygonError::NoSuchVertex(index))?;
            Ok(std::mem::replace(vertex, to))
        }

        /// Scales the polygon such that it has this area.
        pub fn normalize(&mut self, area: f64) {
            let now = self.area().abs();
            if now < 1e-9 {
                return;
            }
            let by = (area / now).sqrt();
            self.vertices
                .iter_mut()
                .for_each(|vertex| *vertex = Point { x: vertex.x * by, y: vertex.y * by });
        }

        pub fn rename(&mut self, name: &str) -> &mut Self {
            self.name.clear();
            self.name.push_str(name);
            self
        }

        pub fn set_fill(&mut self, fill: impl Into<Option<u32>>) {
            self.fill = fill.into();
        }
    }

    impl fmt::Display for Polygon {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} ({:.2})", self.name, self.area())
        }
    }

    #[test]
    fn polygon_answers_as_a_fresh_one_and_keeps_its_area_under_a_new_name() {
        let mut random = Random::new(1);
        let vertices = (0..7).map(|_| Point { x: random.float(), y: random.float() }).collect();
        let mut polygon = Polygon::new("p", vertices).unwrap();
        for _ in 0..400 {
            let to = Point { x: random.float(), y: random.float() };
            match random.below(6) {
                0 => polygon.translate(to),
                1 => drop(polygon.move_vertex(random.below(9), to)),
                2 => polygon.normalize(to.x + 1.0),
                3 => polygon.set_fill(3),
                _ => {
                    polygon.area();
                    assert_eq!(bodies(|| polygon.rename("q").set_fill(None)), 0);
                    assert_eq!(bodies(|| polygon.to_string()), 0);
                }
            }
            let fresh = polygon.clone();
            assert_eq!((polygon.area(), polygon.bounds()), (fresh.area(), fresh.bounds()));
            assert_eq!(polygon, fresh);
        }
        assert_eq!(Polygon::new("p", vec![]), Err(PolygonError::TooFew));
    }
}

/// A transform with a dirty flag: local and world matrix, and its parts set one by one.
mod transform {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::ops::Mul;

    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Matrix<const N: usize>(pub [[f64; N]; N]);

    impl<const N: usize> Matrix<N> {
        pub const ZERO: Self = Self([[0.0; N]; N]);
    }

    impl<const N: usize> Mul for Matrix<N> {
        type Output = Self;
        fn mul(self, other: Self) -> Self {
            let mut product = Self::ZERO;
            for (i, row) in product.0.iter_mut().enumerate() {
                for (j, cell) in row.iter_mut().enumerate() {
                    *cell = (0..N).map(|k| self.0[i][k] * other.0[k][j]).sum();
                }
            }
            product
        }
    }

    #[memoize]
    #[derive(Debug, Clone, Default)]
    pub struct Transform {
        translation: [f64; 2],
        angle: f64,
        scale: f64,
        parent: Option<Box<Transform>>,
        label: Option<String>,
    }

    #[memoize]
    impl Transform {
        pub fn from_translation(x: f64, y: f64) -> Self {
            Self { translation: [x, y], scale: 1.0, ..Default::default() }
        }

        #[must_use]
        pub fn with_parent(mut self, parent: Transform) -> Self {
            self.parent = Some(Box::new(parent));
            self
        }

        #[must_use]
        pub fn labelled(mut self, label: &str) -> Self {
            self.label = Some(label.to_owned());
            self
        }

        #[memoize]
        pub fn local(&self) -> Matrix<3> {
            body();
            let (sin, cos) = self.angle.sin_cos();
            let [x, y] = self.translation;
            Matrix([[cos * self.scale, -sin, x], [sin, cos * self.scale, y], [0.0, 0.0, 1.0]])
        }

        #[memoize]
        pub fn world(&self) -> Matrix<3> {
            body();
            match &self.parent {
                Some(parent) => parent.world() * self.local(),
                None => self.local(),
            }
        }

        pub fn rotate(&mut self, by: f64) {
            self.angle = (self.angle + by) % std::f64::consts::TAU;
        }

        pub fn translate(&mut self, [x, y]: [f64; 2]) {
            self.translation[0] += x;
            self.translation[1] += y;
        }

        pub fn parent_mut(&mut self) -> Option<&mut Transform> {
            self.parent.as_deref_mut()
        }

        pub fn root_mut(&mut self) -> &mut Self {
            match self.parent {
                Some(ref mut parent) => parent.root_mut(),
                None => self,
            }
        }

        pub fn set_label(&mut self, label: Option<&str>) {
            self.label = label.map(Into::into);
        }
    }

    #[test]
    fn transform_follows_its_parents_and_its_local_matrix_does_not() {
        let mut random = Random::new(2);
        let root = Transform::from_translation(1.0, 2.0).labelled("root");
        let middle = Transform::from_translation(3.0, 1.0).with_parent(root);
        let mut leaf = Transform::from_translation(0.5, 0.5).with_parent(middle);
        for _ in 0..300 {
            match random.below(5) {
                0 => leaf.rotate(random.float()),
                1 => leaf.translate([random.float(), 1.0]),
                2 => leaf.parent_mut().unwrap().rotate(random.float()),
                3 => leaf.root_mut().translate([0.0, random.float()]),
                _ => {
                    leaf.world();
                    leaf.set_label(Some("leaf"));
                    assert_eq!(bodies(|| leaf.world()), 0);
                    leaf.parent_mut().unwrap().set_label(None);
                    assert_eq!(bodies(|| leaf.local()), 0); // the parent is no part of it
                }
            }
            assert_eq!(leaf.world(), leaf.clone().world());
        }
    }
}

/// Particles with a quantity that each one caches, changed in a loop over them all.
mod particles {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;

    #[memoize]
    #[derive(Debug, Clone)]
    pub struct Particle {
        position: [f64; 3],
        velocity: [f64; 3],
        mass: f64,
        tag: u32,
    }

    #[memoize]
    impl Particle {
        pub fn new(mass: f64) -> Self {
            Self { position: [0.0; 3], velocity: [0.0; 3], mass, tag: 0 }
        }

        #[memoize]
        pub fn kinetic(&self) -> f64 {
            body();
            0.5 * self.mass * self.velocity.iter().map(|v| v * v).sum::<f64>()
        }

        #[memoize]
        pub fn pull(&self, on: [f64; 3]) -> [f64; 3] {
            body();
            std::array::from_fn(|i| self.mass * (self.position[i] - on[i]))
        }

        pub fn drift(&mut self, dt: f64) {
            for (x, v) in self.position.iter_mut().zip(self.velocity) {
                *x += v * dt;
            }
        }

        pub fn kick(&mut self, force: [f64; 3], dt: f64) {
            let mass = self.mass;
            for (v, f) in self.velocity.iter_mut().zip(force) {
                *v += f / mass * dt;
            }
        }

        pub fn position(&self) -> [f64; 3] {
            self.position
        }

        pub fn tag(&mut self, tag: u32) -> u32 {
            std::mem::replace(&mut self.tag, tag)
        }
    }

    #[memoize]
    #[derive(Debug, Clone)]
    pub struct World {
        particles: Vec<Particle>,
        time: f64,
        gravity: [f64; 3],
    }

    #[memoize]
    impl World {
        pub fn new(particles: Vec<Particle>) -> Self {
            World { particles, time: 0.0, gravity: [0.0, 0.0, -9.81] }
        }

        #[memoize]
        pub fn energy(&self) -> f64 {
            body();
            self.particles.iter().map(Particle::kinetic).sum()
        }

        pub fn step(&mut self, dt: f64) {
            for particle in &mut self.particles {
                particle.kick(self.gravity, dt);
                particle.drift(dt);
            }
            self.time += dt;
        }

        pub fn drift_only(&mut self, dt: f64) {
            self.particles.iter_mut().for_each(|particle| particle.drift(dt));
        }

        pub fn wait(&mut self, dt: f64) {
            self.time += dt;
        }

        pub fn hottest_first(&mut self) {
            self.particles.sort_by(|a, b| b.kinetic().total_cmp(&a.kinetic()));
        }

        pub fn cull(&mut self, below: f64) -> usize {
            let before = self.particles.len();
            self.particles.retain(|particle| particle.kinetic() >= below);
            before - self.particles.len()
        }

        pub fn number(&mut self) {
            for (n, particle) in self.particles.iter_mut().enumerate() {
                particle.tag(n as u32);
            }
        }

        pub fn take(&mut self) -> Vec<Particle> {
            std::mem::take(&mut self.particles)
        }
    }

    #[test]
    fn world_has_the_energy_of_a_fresh_one_and_waits_for_nothing() {
        let mut random = Random::new(3);
        let mut world = World::new((1..12).map(|n| Particle::new(f64::from(n))).collect());
        for _ in 0..200 {
            match random.below(6) {
                0 => world.step(0.1),
                1 => world.hottest_first(),
                2 => {
                    world.energy();
                    world.drift_only(0.1);
                    // Each particle keeps its energy; only the sum is made anew.
                    assert_eq!(bodies(|| world.energy()), 1);
                }
                3 => {
                    world.energy();
                    world.wait(1.0);
                    assert_eq!(bodies(|| world.energy()), 0);
                }
                4 => {
                    let origin = world.particles[0].position();
                    let pull: Vec<_> = world.particles.iter().map(|p| p.pull(origin)).collect();
                    let fresh: Vec<_> =
                        world.clone().particles.iter().map(|p| p.pull(origin)).collect();
                    assert_eq!(pull, fresh);
                    assert_eq!(
                        bodies(|| world.particles.iter().for_each(|p| _ = p.pull(origin))),
                        0
                    );
                }
                _ => drop(world.clone().cull(random.float())),
            }
            assert_eq!(world.energy(), world.clone().energy());
        }
        assert_eq!(bodies(|| world.hottest_first()), 0);
        world.number();
        assert_eq!(bodies(|| world.hottest_first()), 0);
        assert_eq!(world.take().len(), 11);
        assert_eq!(world.energy(), 0.0);
    }
}

/// An image pyramid: each level is made of the one below it, borrowed from the cache.
mod pyramid {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::ops::{Index, IndexMut};

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Plane {
        width: usize,
        pixels: Vec<u8>,
    }

    impl Plane {
        fn halved(&self) -> Self {
            let width = (self.width / 2).max(1);
            let height = (self.pixels.len() / self.width / 2).max(1);
            let at = |x: usize, y: usize| u32::from(self.pixels[y * self.width + x]);
            let pixels = (0..width * height)
                .map(|i| (2 * (i % width), 2 * (i / width)))
                .map(|(x, y)| {
                    (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)).div_euclid(4) as u8
                })
                .collect();
            Self { width, pixels }
        }
    }

    #[memoize]
    #[derive(Debug, Clone)]
    pub struct Pyramid {
        base: Plane,
        levels: usize,
        gamma: f32,
    }

    #[memoize]
    impl Pyramid {
        pub fn new(width: usize, levels: usize) -> Self {
            let base = Plane { width, pixels: vec![0; width * width] };
            Pyramid { base, levels, gamma: 1.0 }
        }

        #[memoize(returns = "ref")]
        pub fn level(&self, n: usize) -> Plane {
            body();
            if n == 0 { self.base.clone() } else { self.level(n - 1).halved() }
        }

        pub fn iter(&self) -> impl Iterator<Item = &Plane> + '_ {
            (0..self.levels).map(|n| self.level(n))
        }

        pub fn set_gamma(&mut self, gamma: f32) -> bool {
            if (gamma - self.gamma).abs() < f32::EPSILON {
                return false;
            }
            self.gamma = gamma;
            true
        }
    }

    impl Index<(usize, usize)> for Pyramid {
        type Output = u8;
        fn index(&self, (x, y): (usize, usize)) -> &u8 {
            &self.base.pixels[y * self.base.width + x]
        }
    }

    #[memoize]
    impl IndexMut<(usize, usize)> for Pyramid {
        fn index_mut(&mut self, (x, y): (usize, usize)) -> &mut u8 {
            let at = y * self.base.width + x;
            &mut self.base.pixels[at]
        }
    }

    #[test]
    fn pyramid_follows_its_pixels_and_not_its_gamma() {
        let mut random = Random::new(4);
        let mut pyramid = Pyramid::new(16, 5);
        for _ in 0..100 {
            let at = (random.below(16), random.below(16));
            pyramid[at] = random.below(256) as u8;
            assert_eq!(pyramid[at], pyramid.level(0).pixels[at.1 * 16 + at.0]);
            assert!(pyramid.iter().eq(pyramid.clone().iter()));
            pyramid.set_gamma(random.float() as f32);
            assert_eq!(bodies(|| pyramid.iter().count()), 0);
        }
    }
}

/// A scene of nested groups, with boxes cached at every node, and visitors that change it.
mod scene {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;

    #[memoize]
    #[derive(Debug, Clone, Default, PartialEq)]
    pub struct Node {
        offset: i64,
        width: i64,
        children: Vec<Node>,
        visible: bool,
    }

    #[memoize]
    impl Node {
        pub fn leaf(offset: i64, width: i64) -> Self {
            Self { offset, width, visible: true, ..Self::default() }
        }

        pub fn group(children: impl IntoIterator<Item = Node>) -> Self {
            Self { children: children.into_iter().collect(), ..Default::default() }
        }

        #[memoize]
        pub fn extent(&self) -> (i64, i64) {
            body();
            let own = (self.offset, self.offset + self.width);
            self.children.iter().map(Node::extent).fold(own, |(low, high), (from, to)| {
                (low.min(self.offset + from), high.max(self.offset + to))
            })
        }

        #[memoize]
        pub fn count(&self) -> usize {
            body();
            1 + self.children.iter().map(|child| child.count()).sum::<usize>()
        }

        pub fn push(&mut self, child: Node) {
            self.children.push(child);
        }

        pub fn move_by(&mut self, by: i64) {
            self.offset += by;
        }

        pub fn child_mut(&mut self, path: &[usize]) -> Option<&mut Node> {
            match path {
                [] => Some(self),
                [first, rest @ ..] => self.children.get_mut(*first)?.child_mut(rest),
            }
        }

        pub fn show_all(&mut self) {
            self.visible = true;
            for child in &mut self.children {
                child.show_all();
            }
        }

        pub fn visit(&mut self, f: &mut impl FnMut(&mut i64)) {
            f(&mut self.offset);
            for child in self.children.iter_mut() {
                child.visit(f);
            }
        }

        pub fn sort(&mut self) {
            self.children.sort_by_key(|child| child.extent());
            self.children.iter_mut().for_each(Node::sort);
        }
    }

    #[test]
    fn scene_has_the_extent_of_a_fresh_one_and_counts_once_whatever_moves() {
        let mut random = Random::new(5);
        let group = |n: i64| Node::group((0..4).map(|m| Node::leaf(n + m, m)));
        let mut scene = Node::group((0..3).map(group));
        for _ in 0..200 {
            let path = [random.below(4), random.below(5)];
            match random.below(6) {
                0 => scene.move_by(1),
                1 => {
                    if let Some(node) = scene.child_mut(&path) {
                        node.move_by(random.below(9) as i64 - 4);
                    }
                }
                2 => scene.sort(),
                3 => scene.visit(&mut |offset| *offset = *offset * 3 % 17),
                4 => scene
                    .child_mut(&path[..1])
                    .into_iter()
                    .for_each(|node| node.push(Node::leaf(2, 2))),
                _ => {
                    scene.show_all();
                    scene.extent();
                    assert_eq!(bodies(|| scene.extent()), 0);
                }
            }
            let fresh = scene.clone();
            assert_eq!((scene.extent(), scene.count()), (fresh.extent(), fresh.count()));
            scene.move_by(0);
            assert_eq!(bodies(|| scene.count()), 0);
            assert_eq!(bodies(|| scene.extent()), 1);
        }
    }
}
