//! Libraries with caches by hand, ported to memo: do they answer as without, and hit where nothing changed?

// The programs are written as they stand in the wild.
#![allow(clippy::pedantic)]

#[path = "support/ports.rs"]
mod ports;

/// Text that is measured by a font, with a style as part of the key.
mod layout {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{borrow::Cow, sync::Arc};

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub enum Weight {
        #[default]
        Regular,
        Bold,
    }

    pub trait Metrics {
        fn advance(&self, c: char, weight: Weight) -> f32;
    }

    #[derive(Debug, Clone)]
    pub struct Monospace(f32);

    impl Metrics for Monospace {
        fn advance(&self, c: char, weight: Weight) -> f32 {
            let by = if weight == Weight::Bold { 1.5 } else { 1.0 };
            self.0 * by * c.len_utf8() as f32
        }
    }

    #[memoize]
    #[derive(Debug, Clone)]
    pub struct Layouter<M> {
        metrics: Arc<M>,
        width: f32,
        color: Cow<'static, str>,
    }

    #[memoize]
    impl<M: Metrics> Layouter<M> {
        pub fn new(metrics: M) -> Self {
            Self { metrics: Arc::new(metrics), width: 10.0, color: "black".into() }
        }

        #[memoize(capacity = 256, policy = "sieve")]
        pub fn measure(&self, word: &str, size: f32, weight: Weight) -> f32 {
            body();
            word.chars().map(|c| self.metrics.advance(c, weight) * size).sum()
        }

        #[memoize]
        pub fn lines(&self, text: &str, size: f32) -> Arc<[String]> {
            body();
            let mut lines = vec![String::new()];
            let mut x = 0.0;
            for word in text.split_whitespace() {
                let width = self.measure(word, size, Weight::default());
                if x + width > self.width && x > 0.0 {
                    lines.push(String::new());
                    x = 0.0;
                }
                x += width;
                lines.last_mut().expect("a line").push_str(word);
            }
            lines.into()
        }

        pub fn resize(&mut self, width: f32) {
            if width > 0.0 {
                self.width = width;
            }
        }

        pub fn set_color(&mut self, color: impl Into<Cow<'static, str>>) {
            self.color = color.into();
        }

        pub fn set_metrics(&mut self, metrics: M) {
            self.metrics = metrics.into();
        }
    }

    #[test]
    fn lines_are_those_of_a_fresh_layouter_and_words_outlast_the_width() {
        let mut random = Random::new(1);
        let mut layouter = Layouter::new(Monospace(1.0));
        let text = "a bb ccc dddd eeeee ff g";
        for _ in 0..200 {
            match random.below(3) {
                0 => layouter.set_metrics(Monospace(random.float() as f32)),
                1 => layouter.set_color(String::from("red")),
                _ => layouter.resize(random.float() as f32),
            }
            let size = [1.0, 2.0][random.below(2)];
            assert_eq!(layouter.lines(text, size), layouter.clone().lines(text, size));
            layouter.set_color("green");
            assert_eq!(bodies(|| layouter.lines(text, size)), 0);
            layouter.lines(text, 1.0);
            layouter.resize(4.0);
            assert_eq!(bodies(|| layouter.lines(text, 1.0)), 1);
        }
    }
}

/// Shortest paths in a grid, with walls that come and go and a cursor that moves.
mod paths {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{cmp::Reverse, collections::BinaryHeap};

    type Point = (u8, u8);

    #[memoize]
    #[derive(Clone)]
    pub struct Grid<const W: usize, const H: usize> {
        costs: [[u32; W]; H],
        cursor: Point,
        visits: usize,
    }

    #[memoize]
    impl<const W: usize, const H: usize> Grid<W, H> {
        pub const WALL: u32 = u32::MAX;

        #[memoize(capacity = 8)]
        fn distances(&self, from: Point) -> Vec<Option<u32>> {
            body();
            let mut distances = vec![None; W * H];
            let mut open = BinaryHeap::from([Reverse((0, from))]);
            while let Some(Reverse((so_far, (x, y)))) = open.pop() {
                let slot = &mut distances[usize::from(y) * W + usize::from(x)];
                if slot.is_some() {
                    continue;
                }
                *slot = Some(so_far);
                let next = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
                for (x, y) in next {
                    let Some(cost) =
                        self.costs.get(usize::from(y)).and_then(|row| row.get(usize::from(x)))
                    else {
                        continue;
                    };
                    if *cost != Self::WALL {
                        open.push(Reverse((so_far + cost, (x, y))));
                    }
                }
            }
            distances
        }

        pub fn distance(&self, from: Point, to: Point) -> Option<u32> {
            self.distances(from)[usize::from(to.1) * W + usize::from(to.0)]
        }

        pub fn walk(&mut self, to: Point) -> Result<u32, Point> {
            let cost = self.distance(self.cursor, to).ok_or(to)?;
            self.visits += 1;
            self.cursor = to;
            Ok(cost)
        }

        pub fn set(&mut self, (x, y): Point, cost: u32) {
            self.costs[usize::from(y)][usize::from(x)] = cost;
        }

        pub fn flip(&mut self) {
            self.costs.reverse();
            for row in self.costs.iter_mut() {
                row.swap(0, W - 1);
            }
        }
    }

    #[test]
    fn grid_finds_the_paths_of_a_fresh_one_while_the_cursor_walks() {
        let mut random = Random::new(2);
        let mut grid = Grid::<5, 4> {
            costs: [[1; 5]; 4],
            cursor: (0, 0),
            visits: 0,
            memo: Default::default(),
        };
        for _ in 0..300 {
            let mut point = || (random.below(5) as u8, random.below(4) as u8);
            let (a, b) = (point(), point());
            match random.below(4) {
                0 => grid.set(a, random.below(5) as u32 + 1),
                1 => grid.set(a, Grid::<5, 4>::WALL),
                2 => grid.flip(),
                _ => assert_eq!(grid.clone().walk(a), grid.walk(a)),
            }
            assert_eq!(grid.distance(a, b), grid.clone().distance(a, b));
            if grid.walk(a).is_ok() && grid.walk(b).is_ok() {
                assert_eq!(bodies(|| grid.distance(a, b)), 0);
            }
        }
    }
}

/// Targets of a build, whose hashes come from those of their inputs.
mod build {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{
        collections::BTreeMap,
        hash::{DefaultHasher, Hash, Hasher},
        path::{Path, PathBuf},
        rc::Rc,
    };

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum BuildError {
        Missing(PathBuf),
        Cycle(PathBuf),
    }

    #[derive(Debug, Clone, Hash, Default)]
    pub struct Target {
        pub command: Rc<str>,
        pub inputs: Vec<PathBuf>,
    }

    macro_rules! target {
        ($command:literal $(, $input:expr)* $(,)?) => {
            Target { command: $command.into(), inputs: vec![$(PathBuf::from($input)),*] }
        };
    }

    #[memoize]
    #[derive(Debug, Clone, Default)]
    pub struct Graph {
        targets: BTreeMap<PathBuf, Target>,
        jobs: usize,
        log: Vec<String>,
    }

    #[memoize]
    impl Graph {
        #[memoize(unsync, key(path: PathBuf = path.to_path_buf()))]
        fn digest(&self, path: &Path, depth: usize) -> Result<u64, BuildError> {
            body();
            if depth > 16 {
                return Err(BuildError::Cycle(path.into()));
            }
            let target = self.targets.get(path).ok_or_else(|| BuildError::Missing(path.into()))?;
            let mut hasher = DefaultHasher::new();
            target.command.hash(&mut hasher);
            for input in &target.inputs {
                self.digest(input, depth + 1)?.hash(&mut hasher);
            }
            Ok(hasher.finish())
        }

        pub fn hash(&self, path: impl AsRef<Path>) -> Result<u64, BuildError> {
            self.digest(path.as_ref(), 0)
        }

        pub fn add<P: Into<PathBuf>>(&mut self, path: P, target: Target) -> Option<Target> {
            self.targets.insert(path.into(), target)
        }

        pub fn log(&mut self, path: &str) -> Result<(), BuildError> {
            let hash = self.hash(path)?;
            self.log.push(format!("{path}: {hash:x}"));
            self.jobs = self.jobs.max(self.log.len());
            Ok(())
        }

        pub fn edit(&mut self, path: &Path, f: impl FnOnce(&mut Target)) -> bool {
            let target = self.targets.get_mut(path);
            target.map(f).is_some()
        }
    }

    #[test]
    fn graph_has_the_hashes_of_a_fresh_one_and_logs_without_new_ones() {
        let mut random = Random::new(3);
        let names = ["a", "b", "c", "d"];
        let mut graph = Graph::default();
        for _ in 0..300 {
            let (n, m) = (random.below(4), random.below(4));
            match random.below(3) {
                0 => drop(graph.add(names[n], target!("cc"))),
                1 if m < n => drop(graph.add(names[n], target!("ld", names[m]))),
                _ => drop(
                    graph.edit(names[n].as_ref(), |target| target.command = format!("{m}").into()),
                ),
            }
            for name in names {
                assert_eq!(graph.hash(name), graph.clone().hash(name));
                if graph.log(name).is_ok() {
                    assert_eq!(bodies(|| graph.log(name)), 0);
                }
            }
        }
    }
}

/// A query with iterators and a guard that writes when it is dropped.
mod table {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{fmt, ops::RangeInclusive};

    #[memoize]
    #[derive(Debug, Default, Clone)]
    pub struct Table {
        rows: Vec<(u32, String)>,
        page: usize,
    }

    #[memoize]
    impl Table {
        #[memoize]
        pub fn widest(&self) -> usize {
            body();
            self.rows.iter().map(|(_, text)| text.len()).max().unwrap_or_default()
        }

        #[memoize]
        pub fn between(&self, ids: RangeInclusive<u32>) -> Vec<usize> {
            body();
            (0..self.rows.len()).filter(|&i| ids.contains(&self.rows[i].0)).collect()
        }

        pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut String> {
            self.rows.iter_mut().map(|(_, text)| text)
        }

        pub fn sort(&mut self) {
            self.rows.sort_unstable();
        }

        pub fn turn(&mut self, by: isize) -> Option<usize> {
            self.page = self.page.checked_add_signed(by)?;
            Some(self.page)
        }
    }

    #[memoize]
    impl Extend<(u32, String)> for Table {
        fn extend<I: IntoIterator<Item = (u32, String)>>(&mut self, rows: I) {
            for row in rows {
                self.rows.push(row);
            }
        }
    }

    impl fmt::Display for Table {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let width = self.widest();
            self.rows.iter().try_for_each(|(id, text)| writeln!(f, "{id} {text:>width$}"))
        }
    }

    /// Puts rows in order when the batch is over.
    pub struct Batch<'t>(&'t mut Table);

    impl Batch<'_> {
        pub fn add(&mut self, id: u32, text: &str) -> &mut Self {
            self.0.extend(Some((id, text.to_owned())));
            self
        }
    }

    impl Drop for Batch<'_> {
        fn drop(&mut self) {
            self.0.sort();
        }
    }

    #[test]
    fn table_shows_what_a_fresh_one_shows_and_pages_without_work() {
        let mut random = Random::new(4);
        let mut table = Table::default();
        for _ in 0..100 {
            let id = random.below(20) as u32;
            match random.below(3) {
                0 => drop(Batch(&mut table).add(id, "row").add(id / 2, "r")),
                1 => table.rows_mut().step_by(2).for_each(|text| text.push('!')),
                _ => table.sort(),
            }
            let fresh = table.clone();
            assert_eq!(table.to_string(), fresh.to_string());
            assert_eq!(table.between(3..=id), fresh.between(3..=id));
            table.turn(random.below(3) as isize - 1);
            assert_eq!(bodies(|| table.to_string()), 0);
            assert_eq!(bodies(|| table.between(3..=id)), 0);
        }
    }
}

/// An expression simplifier over shared trees, a tokenizer with merges, and a factory of closures.
mod simplifier {
    use super::ports::{Random, bodies, body};
    use memo_runtime::memoize;
    use std::{collections::HashMap, ops, rc::Rc};

    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub enum Expr {
        Const(i64),
        Var(Rc<str>),
        Add(Rc<Expr>, Rc<Expr>),
        Mul(Rc<Expr>, Rc<Expr>),
    }

    impl ops::Add for Expr {
        type Output = Self;
        fn add(self, other: Self) -> Self {
            Self::Add(self.into(), other.into())
        }
    }

    #[memoize]
    #[derive(Clone, Default)]
    pub struct Simplifier {
        known: HashMap<Rc<str>, i64>,
        steps: u32,
    }

    #[memoize]
    impl Simplifier {
        #[memoize(unsync)]
        pub fn simplify(&self, expr: &Rc<Expr>) -> Rc<Expr> {
            use Expr::{Add, Const, Mul, Var};
            body();
            match &**expr {
                Var(name) => {
                    self.known.get(name).map_or_else(|| expr.clone(), |value| Const(*value).into())
                }
                Const(_) => Rc::clone(expr),
                Add(a, b) => match (&*self.simplify(a), &*self.simplify(b)) {
                    (Const(a), Const(b)) => Const(a.wrapping_add(*b)).into(),
                    (Const(0), x) | (x, Const(0)) => x.clone().into(),
                    (a, b) => (a.clone() + b.clone()).into(),
                },
                Mul(a, b) => match (&*self.simplify(a), &*self.simplify(b)) {
                    (Const(a), Const(b)) => Const(a.wrapping_mul(*b)).into(),
                    (zero @ Const(0), _) | (_, zero @ Const(0)) => zero.clone().into(),
                    (a, b) => Mul(a.clone().into(), b.clone().into()).into(),
                },
            }
        }

        pub fn value(&mut self, expr: &Rc<Expr>) -> Option<i64> {
            self.steps += 1;
            match *self.simplify(expr) {
                Expr::Const(value) => Some(value),
                _ => None,
            }
        }

        pub fn bind(&mut self, name: &str, value: impl Into<Option<i64>>) {
            match value.into() {
                Some(value) => drop(self.known.insert(name.into(), value)),
                None => drop(self.known.remove(name)),
            }
        }
    }

    fn naive(expr: &Expr, known: &HashMap<Rc<str>, i64>) -> Option<i64> {
        match expr {
            Expr::Const(value) => Some(*value),
            Expr::Var(name) => known.get(name).copied(),
            Expr::Add(a, b) => Some(naive(a, known)?.wrapping_add(naive(b, known)?)),
            Expr::Mul(a, b) => match (naive(a, known), naive(b, known)) {
                (Some(0), _) | (_, Some(0)) => Some(0),
                (a, b) => Some(a?.wrapping_mul(b?)),
            },
        }
    }

    fn any(random: &mut Random, depth: usize) -> Rc<Expr> {
        let name = ["x", "y"][random.below(2)];
        Rc::new(match random.below(if depth == 0 { 2 } else { 4 }) {
            0 => Expr::Const(random.below(3) as i64),
            1 => Expr::Var(name.into()),
            2 => Expr::Add(any(random, depth - 1), any(random, depth - 1)),
            _ => Expr::Mul(any(random, depth - 1), any(random, depth - 1)),
        })
    }

    #[test]
    fn simplifier_has_the_values_of_a_plain_one_and_counts_steps_without_new_ones() {
        let mut random = Random::new(5);
        let mut simplifier = Simplifier::default();
        for _ in 0..300 {
            let expr = any(&mut random, 4);
            assert_eq!(simplifier.value(&expr), naive(&expr, &simplifier.known));
            assert_eq!(bodies(|| simplifier.value(&expr)), 0);
            simplifier.bind(
                ["x", "y"][random.below(2)],
                (random.below(2) == 0).then_some(random.below(9) as i64),
            );
        }
    }
}
