//! Generic matrices, trees and graphs behave as unmemoized.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;
use std::ops::{Add, AddAssign, Index, IndexMut, Mul};
use std::rc::Rc;
use std::sync::Arc;

use memo_runtime::memoize;

#[memoize]
#[derive(Debug, Clone, PartialEq)]
struct Matrix<T, const R: usize, const C: usize> {
    cells: [[T; C]; R],
}

#[memoize]
impl<T, const R: usize, const C: usize> Matrix<T, R, C>
where
    T: Copy + Default + Add<Output = T> + Mul<Output = T> + AddAssign,
{
    #[must_use]
    fn new(cells: [[T; C]; R]) -> Self {
        Self { cells }
    }

    #[memoize]
    #[must_use]
    fn sum(&self) -> T {
        let mut total = T::default();
        for row in &self.cells {
            for &cell in row {
                total += cell;
            }
        }
        total
    }

    #[memoize]
    fn row(&self, row: usize) -> Vec<T> {
        self.cells[row].to_vec()
    }

    #[memoize(returns = "ref")]
    fn transposed(&self) -> Matrix<T, C, R> {
        let mut cells = [[T::default(); R]; C];
        for (r, row) in self.cells.iter().enumerate() {
            for (c, &cell) in row.iter().enumerate() {
                cells[c][r] = cell;
            }
        }
        Matrix { cells }
    }

    fn scale(&mut self, by: T) -> &mut Self {
        self.cells.iter_mut().flatten().for_each(|cell| *cell = *cell * by);
        self
    }
}

impl<T, const R: usize, const C: usize> Index<(usize, usize)> for Matrix<T, R, C> {
    type Output = T;

    fn index(&self, (row, column): (usize, usize)) -> &T {
        &self.cells[row][column]
    }
}

#[memoize]
impl<T, const R: usize, const C: usize> IndexMut<(usize, usize)> for Matrix<T, R, C> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T {
        &mut self.cells[row][column]
    }
}

#[test]
fn a_changed_matrix_is_transposed_and_summed_anew() {
    let mut matrix = Matrix::new([[1, 2, 3], [4, 5, 6]]);
    assert_eq!(matrix.sum(), 21);
    assert_eq!(matrix.transposed().sum(), 21);
    assert_eq!(matrix.row(1), [4, 5, 6]);
    let _ = matrix.scale(2).scale(2);
    assert_eq!(matrix.sum(), 84);
    assert_eq!(matrix.transposed()[(2, 1)], 24);
    matrix[(0, 0)] = 0;
    assert_eq!(matrix.sum(), 80);
    assert_eq!(matrix.transposed()[(0, 0)], 0);
    assert_eq!(matrix.row(0), [0, 8, 12]);
}

#[memoize]
#[derive(Debug)]
struct Node<K> {
    key: K,
    children: Vec<Rc<Self>>,
    left: Option<Box<Node<K>>>,
}

#[memoize]
impl<K: Ord + Clone + Debug> Node<K> {
    fn leaf(key: K) -> Rc<Self> {
        Rc::new(Self { key, children: vec![], left: None })
    }

    #[memoize(unsync)]
    fn depth(&self) -> usize {
        1 + self
            .children
            .iter()
            .map(|child| child.depth())
            .max()
            .unwrap_or(0)
            .max(self.left.as_ref().map_or(0, |left| left.depth()))
    }

    #[memoize(unsync)]
    fn largest(&self) -> K {
        self.children.iter().map(|child| child.largest()).fold(self.key.clone(), K::max)
    }

    fn push(&mut self, child: Rc<Self>) {
        self.children.push(child);
    }

    fn left_mut(&mut self) -> Option<&mut Self> {
        self.left.as_deref_mut()
    }

    fn insert(&mut self, key: K) {
        match &mut self.left {
            Some(left) => left.insert(key),
            None => self.left = Some(Box::new(Self { key, children: vec![], left: None })),
        }
    }
}

#[test]
fn a_deeper_tree_is_measured_anew() {
    let mut root = Rc::try_unwrap(Node::leaf(3)).expect("one");
    assert_eq!(root.depth(), 1);
    root.push(Node::leaf(5));
    assert_eq!((root.depth(), root.largest()), (2, 5));
    root.insert(1);
    root.insert(2);
    assert_eq!(root.depth(), 3);
    root.left_mut().expect("some").insert(9);
    assert_eq!(root.depth(), 4);
    assert_eq!(root.depth(), 4);
}

#[memoize(blocks("order"))]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Graph<N: Eq + Hash + Clone> {
    edges: HashMap<N, Vec<(N, u32)>>,
    names: BTreeMap<u32, Arc<str>>,
}

trait Order {
    type Node;
    fn order(&self) -> Arc<[Self::Node]>;
    fn reset(&mut self);
}

#[memoize]
impl<N: Eq + Hash + Clone + Ord + Debug> Graph<N> {
    #[must_use]
    fn new() -> Self {
        Self { edges: HashMap::new(), names: BTreeMap::new() }
    }

    fn edge(&mut self, from: impl Into<N>, to: impl Into<N>, cost: u32) -> &mut Self {
        let (from, to) = (from.into(), to.into());
        let _ = self.edges.entry(to.clone()).or_default();
        self.edges.entry(from).or_default().push((to, cost));
        self
    }

    #[memoize(capacity = 100, stats)]
    fn distance(&self, from: &N, to: &N) -> Option<u32> {
        let mut best: HashMap<N, u32> = HashMap::from([(from.clone(), 0)]);
        let mut queue = VecDeque::from([from.clone()]);
        while let Some(node) = queue.pop_front() {
            let base = best[&node];
            for (next, cost) in self.edges.get(&node).into_iter().flatten() {
                let total = base + cost;
                if best.get(next).is_none_or(|&old| old > total) {
                    let _ = best.insert(next.clone(), total);
                    queue.push_back(next.clone());
                }
            }
        }
        best.get(to).copied()
    }

    #[memoize(returns = "ref")]
    fn reachable(&self, from: N) -> HashSet<N> {
        let mut seen = HashSet::new();
        let mut stack = vec![from];
        while let Some(node) = stack.pop() {
            if seen.insert(node.clone()) {
                stack.extend(
                    self.edges.get(&node).into_iter().flatten().map(|(next, _)| next.clone()),
                );
            }
        }
        seen
    }

    fn rename<S>(&mut self, id: u32, name: S)
    where
        S: Into<Arc<str>>,
    {
        drop(self.names.insert(id, name.into()));
    }

    #[memoize]
    fn joined(&self) -> String {
        self.names.values().map(|name| &**name).collect::<Vec<_>>().join(",")
    }
}

#[memoize(block = "order")]
impl<N: Eq + Hash + Clone + Ord + Debug> Order for Graph<N> {
    type Node = N;

    #[memoize]
    fn order(&self) -> Arc<[N]> {
        let mut nodes: Vec<_> = self.edges.keys().cloned().collect();
        nodes.sort();
        nodes.into()
    }

    fn reset(&mut self) {
        *self = Self { edges: HashMap::default(), names: std::mem::take(&mut self.names) };
    }
}

#[test]
fn a_changed_graph_has_new_distances() {
    let mut graph: Graph<String> = Graph::new();
    let _ = graph.edge("a", "b", 3).edge("b", "c", 4);
    assert_eq!(graph.distance(&"a".into(), &"c".into()), Some(7));
    assert_eq!(graph.reachable("b".into()).len(), 2);
    assert_eq!(graph.order().len(), 3);
    graph.rename(3, "three");
    assert_eq!(graph.joined(), "three");
    assert_eq!(graph.distance_cache().len(), 1);
    let _ = graph.edge("a", "c", 1);
    assert_eq!(graph.distance(&"a".into(), &"c".into()), Some(1));
    graph.reset();
    assert_eq!(graph.order().len(), 0);
    assert_eq!(graph.joined(), "three");
    assert_eq!(graph.distance(&"a".into(), &"c".into()), None);
}
