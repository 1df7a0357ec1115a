use memo_runtime::memoize;
use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};

#[derive(PartialEq, Eq, Hash)]
struct Letter(char);

#[memoize]
struct Node {
    #[memoize(untracked)]
    visits: Cell<u64>,
    children: Vec<Node>,
    by_letter: HashMap<Letter, Node>,
    next: Option<Box<Self>>,
    shared: (Rc<Node>, Arc<[Self]>),
    edges: Vec<Edge>,
}

#[memoize]
impl Node {
    #[memoize]
    fn depth(&self) -> usize {
        1 + self.children.iter().map(Node::depth).max().unwrap_or(0)
    }

    #[memoize]
    fn itself(&self) -> Vec<Arc<Node>> {
        Vec::new()
    }
}

#[memoize]
struct Edge {
    to: Vec<Node>,
    back: Option<Rc<Edge>>,
}

#[memoize]
impl Edge {
    #[memoize]
    fn reach(&self) -> usize {
        self.to.len()
    }
}

#[memoize]
struct Trie<'a, K: Ord, V> {
    #[memoize(untracked)]
    hits: Cell<u64>,
    value: Option<&'a V>,
    children: BTreeMap<K, Trie<'a, K, V>>,
    parents: Vec<&'a Self>,
}

#[memoize]
impl<K: Ord, V> Trie<'_, K, V> {
    #[memoize]
    fn size(&self) -> usize {
        1 + self.children.values().map(Trie::size).sum::<usize>()
    }
}

fn main() {}
