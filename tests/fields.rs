//! Fields that change without a `&mut self` method: `untracked`, `unchecked`, and annotated structs within each other.

use memo_runtime::{clear_instance, memoize};
use std::{cell::Cell, collections::BTreeMap, rc::Rc};

#[memoize]
struct Plot {
    #[memoize(unchecked)]
    pub scale: u64,
    #[memoize(unchecked)]
    offset: Rc<Cell<u64>>,
    #[memoize(unchecked)]
    curve: Box<dyn Fn(u64) -> u64>,
    #[memoize(untracked)]
    bodies: Cell<u64>,
}

#[memoize]
impl Plot {
    fn new(offset: &Rc<Cell<u64>>) -> Self {
        Self {
            scale: 2,
            offset: Rc::clone(offset),
            curve: Box::new(|x| x * x),
            bodies: Cell::new(0),
        }
    }

    #[memoize]
    fn at(&self, x: u64) -> u64 {
        self.bodies.set(self.bodies.get() + 1);
        self.scale * (self.curve)(x) + self.offset.get()
    }

    fn set_curve(&mut self, curve: impl Fn(u64) -> u64 + 'static) {
        self.curve = Box::new(curve);
    }

    fn set_scale(&mut self, scale: u64) {
        self.scale = scale;
    }
}

#[test]
fn whoever_changes_an_unchecked_field_clears_the_instance() {
    let offset = Rc::new(Cell::new(1));
    let mut plot = Plot::new(&offset);
    assert_eq!((plot.at(3), plot.at(3), plot.bodies.get()), (19, 19, 1));
    offset.set(2);
    assert_eq!(plot.at(3), 19, "what changed is not seen, which is what `unchecked` says");
    clear_instance(&mut plot);
    assert_eq!((plot.at(3), plot.bodies.get()), (20, 2));
    plot.scale = 3;
    clear_instance(&mut plot);
    assert_eq!(plot.at(3), 29);
}

#[test]
fn a_method_that_changes_an_unchecked_field_is_seen() {
    let mut plot = Plot::new(&Rc::default());
    assert_eq!(plot.at(3), 18);
    plot.set_curve(|x| x + 1);
    assert_eq!(plot.at(3), 8);
    plot.set_scale(10);
    assert_eq!(plot.at(3), 40);
}

#[memoize]
struct Trie<V> {
    #[memoize(untracked)]
    visits: Cell<u64>,
    value: Option<V>,
    children: BTreeMap<char, Trie<V>>,
}

#[memoize]
impl<V> Trie<V> {
    fn new() -> Self {
        Self { visits: Cell::new(0), value: None, children: BTreeMap::new() }
    }

    fn insert(&mut self, word: &str, value: V) {
        let mut letters = word.chars();
        match letters.next() {
            Some(letter) => self
                .children
                .entry(letter)
                .or_insert_with(Self::new)
                .insert(letters.as_str(), value),
            None => self.value = Some(value),
        }
    }

    #[memoize]
    fn size(&self) -> usize {
        self.visits.set(self.visits.get() + 1);
        usize::from(self.value.is_some()) + self.children.values().map(Self::size).sum::<usize>()
    }
}

#[test]
fn a_recursive_struct_with_a_cell_is_memoized() {
    let mut trie = Trie::new();
    trie.insert("an", 1);
    trie.insert("and", 2);
    trie.insert("be", 3);
    assert_eq!((trie.size(), trie.size(), trie.visits.get()), (3, 3, 1));
    assert_eq!(trie.children[&'b'].visits.get(), 1);
    trie.insert("bee", 4);
    assert_eq!((trie.size(), trie.children[&'b'].visits.get()), (4, 2));
    assert_eq!(trie.children[&'a'].visits.get(), 1);
}

#[memoize]
struct Shared {
    seed: u64,
}

#[memoize]
impl Shared {
    #[memoize]
    fn cell(&self) -> Rc<Cell<u64>> {
        Rc::new(Cell::new(self.seed))
    }
}

#[memoize]
struct Owner {
    parts: Vec<Shared>,
}

#[memoize]
impl Owner {
    #[memoize]
    fn seeds(&self) -> u64 {
        self.parts.iter().map(|part| part.cell().get()).sum()
    }
}

#[test]
fn what_is_in_the_caches_of_a_field_does_not_count() {
    let parts = [1, 2].map(|seed| Shared { seed, memo: Default::default() });
    let owner = Owner { parts: parts.into(), memo: Default::default() };
    assert_eq!((owner.seeds(), owner.seeds()), (3, 3));
}
