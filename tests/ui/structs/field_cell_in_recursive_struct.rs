use memo_runtime::memoize;
use std::{cell::Cell, collections::HashMap};

struct Name(String);

#[memoize]
struct Node {
    visits: Cell<u64>, //~ ERROR this field can change through `&self` and leave stale results
    children: Vec<Node>,
    named: HashMap<Name, Node>,
}

#[memoize]
impl Node {
    #[memoize]
    fn depth(&self) -> usize {
        1 + self.children.iter().map(Node::depth).max().unwrap_or(0)
    }
}

fn main() {}
