//! Type and const parameters, lifetimes, bounds and associated types; blocks in all the places where Rust has them.

#![allow(
    clippy::default_trait_access,
    clippy::elidable_lifetime_names,
    clippy::items_after_statements,
    clippy::non_minimal_cfg,
    clippy::zero_sized_map_values,
    reason = "the shapes are the point"
)]

use memo_runtime::memoize;
use std::{
    cell::Cell,
    collections::HashMap,
    fmt::{Debug, Display},
    hash::Hash,
    marker::PhantomData,
    ops::Add,
};

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

fn ran() {
    RUNS.set(RUNS.get() + 1);
}

/// The result of `operation`, and how many bodies it ran.
fn counted<R>(operation: impl FnOnce() -> R) -> (R, u32) {
    let before = RUNS.get();
    let result = operation();
    (result, RUNS.get() - before)
}

#[test]
fn concrete_types_never_mix_in_type_scope() {
    #[memoize]
    #[derive(Default)]
    struct G<T> {
        value: T,
    }
    #[memoize]
    impl<T: Default + Clone + Debug + Hash + Eq + Send + Sync + 'static> G<T> {
        #[memoize(scope = "type", unbounded)]
        fn size(n: usize) -> usize {
            ran();
            n + size_of::<T>()
        }
        #[memoize(scope = "type")]
        fn name() -> String {
            ran();
            std::any::type_name::<T>().to_owned()
        }
        #[memoize(scope = "type", capacity = 8, policy = "sieve")]
        fn sieved(value: T) -> String {
            ran();
            format!("{value:?}")
        }
        #[memoize(scope = "type", unbounded, unsync)]
        fn local(n: usize) -> Option<T> {
            ran();
            (n > 0).then(T::default)
        }
        #[memoize(scope = "type", unbounded, returns = "ref")]
        fn kept(n: usize) -> Vec<T> {
            ran();
            vec![T::default(); n]
        }
        #[memoize(scope = "type", capacity = 8, reads(value: T))]
        fn state(&self, n: usize) -> String {
            ran();
            format!("{:?}{n}", self.value)
        }
        #[memoize]
        fn own(&self, other: &T) -> bool {
            ran();
            self.value == *other
        }
    }
    for runs in [1, 0] {
        assert_eq!(counted(|| G::<u8>::size(1)), (2, runs));
        assert_eq!(counted(|| G::<u64>::size(1)), (9, runs));
        assert_eq!(counted(|| G::<[u8; 3]>::size(1)), (4, runs));
        assert_eq!(counted(G::<u8>::name), ("u8".to_owned(), runs));
        assert_eq!(counted(G::<u64>::name), ("u64".to_owned(), runs));
        assert_eq!(counted(|| G::<u8>::sieved(7)), ("7".to_owned(), runs));
        assert_eq!(counted(|| G::<char>::sieved('7')), ("'7'".to_owned(), runs));
        assert_eq!(counted(|| G::<u8>::local(7)), (Some(0), runs));
        assert_eq!(counted(|| G::<String>::local(7)), (Some(String::new()), runs));
        assert_eq!(counted(|| G::<u8>::kept(2)), (&vec![0, 0], runs));
        assert_eq!(counted(|| G::<bool>::kept(2)), (&vec![false, false], runs));
        assert_eq!(counted(|| G::<u8>::default().state(2)), ("02".to_owned(), runs));
        assert_eq!(counted(|| G::<bool>::default().state(2)), ("false2".to_owned(), runs));
    }
    let g = G { value: 'a', memo: Default::default() };
    assert_eq!(counted(|| (g.own(&'a'), g.own(&'a'), g.own(&'b'))), ((true, true, false), 2));
    assert_eq!((G::<u8>::size_cache().len(), G::<u16>::size_cache().len()), (1, 0));
    G::<u8>::size_cache().clear();
    G::<u8>::local_cache().clear();
    assert_eq!((G::<u8>::size_cache().len(), G::<u64>::size_cache().len()), (0, 1));
    assert_eq!((G::<u8>::local_cache().len(), G::<String>::local_cache().len()), (0, 1));
}

#[test]
fn type_and_const_parameters_tell_types_apart() {
    #[memoize]
    struct Matrix<T, const ROWS: usize, const CACHE: usize = 2>
    where
        T: Copy,
    {
        value: T,
    }
    #[memoize]
    impl<T, const ROWS: usize, const CACHE: usize> Matrix<T, ROWS, CACHE>
    where
        T: Copy + Into<f64> + Send + Sync + 'static,
    {
        #[memoize(scope = "type")]
        fn cells() -> String
        where
            T: 'static,
        {
            ran();
            format!("{ROWS}x{CACHE}")
        }
        #[memoize(capacity = ROWS)]
        fn scaled(&self, by: [f64; ROWS]) -> f64 {
            ran();
            self.value.into() * by.iter().sum::<f64>()
        }
        #[memoize(capacity = CACHE)]
        fn bounded(&self, n: u32) -> f64 {
            self.value.into() * f64::from(n)
        }
        #[memoize(capacity = { ROWS })]
        fn braced(&self, n: u32) -> f64 {
            self.value.into() * f64::from(n)
        }
    }
    for runs in [1, 0] {
        assert_eq!(counted(Matrix::<u8, 1, 2>::cells), ("1x2".to_owned(), runs));
        assert_eq!(counted(Matrix::<u8, 2, 1>::cells), ("2x1".to_owned(), runs));
        assert_eq!(counted(Matrix::<u16, 2, 1>::cells), ("2x1".to_owned(), runs));
    }
    let matrix = Matrix::<u8, 3> { value: 2, memo: Default::default() };
    assert_eq!(counted(|| matrix.scaled([1.0, 2.0, 3.0]) > 11.0), (true, 1));
    assert_eq!(counted(|| matrix.scaled([1.0, 2.0, 3.0]) > 11.0), (true, 0));
    for n in 0..10 {
        matrix.bounded(n);
        matrix.braced(n);
    }
    assert_eq!((matrix.bounded_cache().len(), matrix.braced_cache().len()), (2, 3));
    assert_eq!(matrix.scaled_cache().capacity(), Some(3));
}

trait Describe {
    const KIND: &'static str;
    type Output;
    fn describe(&self, n: u32) -> Self::Output;
    fn kind(n: u32) -> String;
    fn twice(&self, n: u32) -> String
    where
        Self::Output: Debug,
    {
        format!("{:?} {:?}", self.describe(n), self.describe(n))
    }
}

#[test]
fn types_never_mix_through_one_trait() {
    #[memoize]
    struct Dog {
        age: u32,
    }
    #[memoize]
    struct Pair<A, B> {
        both: (A, B),
    }
    enum Cat {}

    #[memoize]
    impl Describe for Dog {
        const KIND: &'static str = "dog";
        type Output = String;
        #[memoize]
        fn describe(&self, n: u32) -> Self::Output {
            ran();
            format!("{} {} {n}", Self::KIND, self.age)
        }
        #[memoize(scope = "type", unbounded, accessor = kinds)]
        fn kind(n: u32) -> String {
            ran();
            format!("{} {n}", Self::KIND)
        }
    }
    #[memoize]
    impl<A: Debug + Clone + 'static, B: Debug + Clone + 'static> Describe for Pair<A, B> {
        const KIND: &'static str = "pair";
        type Output = (A, B);
        #[memoize(capacity = 4)]
        fn describe(&self, n: u32) -> Self::Output {
            ran();
            let _ = n;
            self.both.clone()
        }
        #[memoize(scope = "type", unbounded)]
        fn kind(n: u32) -> String {
            ran();
            format!("{} {n}", std::any::type_name::<(A, B)>())
        }
    }
    #[memoize]
    impl Describe for Cat {
        const KIND: &'static str = "cat";
        type Output = u8;
        fn describe(&self, _: u32) -> u8 {
            unreachable!()
        }
        #[memoize(scope = "type", unbounded)]
        fn kind(n: u32) -> String {
            ran();
            format!("{} {n}", Self::KIND)
        }
    }
    fn kind_of<D: Describe>(n: u32) -> String {
        D::kind(n)
    }
    let dog = Dog { age: 3, memo: Default::default() };
    let pair = Pair { both: ('a', 1u8), memo: Default::default() };
    for runs in [1, 0] {
        assert_eq!(counted(|| kind_of::<Dog>(1)), ("dog 1".to_owned(), runs));
        assert_eq!(counted(|| kind_of::<Cat>(1)), ("cat 1".to_owned(), runs));
        assert_eq!(counted(|| kind_of::<Pair<u8, u8>>(1)), ("(u8, u8) 1".to_owned(), runs));
        assert_eq!(counted(|| kind_of::<Pair<u8, char>>(1)), ("(u8, char) 1".to_owned(), runs));
        assert_eq!(counted(|| dog.twice(1)), ("\"dog 3 1\" \"dog 3 1\"".to_owned(), runs));
        assert_eq!(counted(|| pair.describe(1)), (('a', 1), runs));
    }
    assert_eq!(
        (Dog::kinds().len(), dog.describe_cache().len(), pair.describe_cache().len()),
        (1, 1, 1)
    );
    assert_eq!(<Cat as Describe>::KIND, "cat");
}

#[test]
fn a_blanket_block_is_one_cache_for_each_type() {
    trait Width {
        fn width(n: u32) -> usize;
    }
    #[memoize]
    impl<T: 'static> Width for T {
        #[memoize(scope = "type", unbounded)]
        fn width(n: u32) -> usize {
            ran();
            n as usize * size_of::<T>()
        }
    }
    for runs in [1, 0] {
        assert_eq!(counted(|| u8::width(10)), (10, runs));
        assert_eq!(counted(|| u32::width(10)), (40, runs));
        assert_eq!(counted(|| <[u64; 2]>::width(10)), (160, runs));
    }
}

#[test]
fn bounds_may_stand_on_the_block_only_or_on_both() {
    #[memoize]
    struct Bare<K, V> {
        entries: HashMap<K, V>,
    }
    #[memoize]
    impl<K: Hash + Eq + Clone, V: Clone + Add<Output = V>> Bare<K, V> {
        fn new(entries: HashMap<K, V>) -> Self {
            Self { entries }
        }
        #[memoize]
        fn doubled(&self, key: &K) -> Option<V> {
            ran();
            self.entries.get(key).map(|value| value.clone() + value.clone())
        }
        #[memoize(capacity = 2)]
        fn both(&self, keys: [&K; 2], extra: Option<&V>) -> Option<V>
        where
            V: Hash + Eq,
        {
            ran();
            let sum = self.doubled(keys[0])? + self.doubled(keys[1])?;
            Some(extra.into_iter().fold(sum, |sum, extra| sum + extra.clone()))
        }
    }
    let bare = Bare::new(HashMap::from([("a", 1), ("b", 2)]));
    assert_eq!(counted(|| (bare.doubled(&"a"), bare.doubled(&"a"))), ((Some(2), Some(2)), 1));
    let both = || bare.both([&"a", &"b"], Some(&1));
    assert_eq!(counted(|| (both(), both())), ((Some(7), Some(7)), 2));
    // Of a type for which the block is not, the struct can still be made.
    struct Opaque;
    let unhashable: Bare<Opaque, Opaque> =
        Bare { entries: HashMap::new(), memo: Default::default() };
    assert!(unhashable.entries.is_empty());

    #[memoize]
    struct Both<T: Iterator + Clone>
    where
        T::Item: Clone,
    {
        items: T,
    }
    #[memoize]
    impl<T: Iterator + Clone> Both<T>
    where
        T::Item: Clone + Hash + Eq,
    {
        #[memoize]
        fn nth(&self, n: usize) -> Option<T::Item>
        where
            T::Item: Clone,
        {
            ran();
            self.items.clone().nth(n)
        }
        #[memoize(returns = "ref")]
        fn all(&self) -> Vec<T::Item> {
            ran();
            self.items.clone().collect()
        }
    }
    let both = Both { items: "abc".chars(), memo: Default::default() };
    assert_eq!(counted(|| (both.nth(1), both.nth(1))), ((Some('b'), Some('b')), 1));
    assert_eq!(counted(|| (both.all().len(), both.all().len())), ((3, 3), 1));
}

#[test]
fn associated_types_may_be_arguments_and_results() {
    trait Shape {
        type Side: Clone + Hash + Eq + Into<u64>;
        type Area;
        fn area(&self, side: &Self::Side) -> Self::Area;
    }
    #[memoize]
    struct Square {}
    #[memoize]
    impl Shape for Square {
        type Side = u32;
        type Area = Vec<u64>;
        #[memoize]
        fn area(&self, side: &Self::Side) -> Self::Area {
            ran();
            vec![u64::from(*side) * u64::from(*side)]
        }
    }
    #[memoize]
    struct Scaled<S: Shape> {
        shape: S,
    }
    #[memoize]
    impl<S: Shape> Scaled<S>
    where
        S::Area: Clone,
    {
        #[memoize]
        fn area(&self, side: S::Side, options: (Option<S::Side>, f64)) -> S::Area {
            let _ = options;
            self.shape.area(&side)
        }
        #[memoize]
        fn qualified(&self, side: &<S as Shape>::Side) -> u64 {
            ran();
            side.clone().into()
        }
    }
    let square = Square { memo: Default::default() };
    assert_eq!(counted(|| (square.area(&3), square.area(&3))), ((vec![9], vec![9]), 1));
    let scaled = Scaled { shape: square, memo: Default::default() };
    assert_eq!(counted(|| scaled.area(4, (None, f64::NAN))), (vec![16], 1));
    assert_eq!(counted(|| scaled.area(4, (None, f64::NAN))), (vec![16], 0));
    assert_eq!(counted(|| (scaled.qualified(&4), scaled.qualified(&4))), ((4, 4), 1));
}

#[test]
fn results_may_borrow_for_the_type_s_own_lifetime() {
    #[memoize]
    struct Parser<'a> {
        text: &'a str,
    }
    #[memoize]
    impl<'a> Parser<'a> {
        const fn new_unmemoized(text: &'a str) -> &'a str {
            text
        }
        fn new(text: &'a str) -> Self {
            Self { text: Self::new_unmemoized(text) }
        }
        #[memoize]
        fn word(&self, n: usize) -> &'a str {
            ran();
            self.text.split(' ').nth(n).unwrap_or("")
        }
        #[memoize(capacity = 2)]
        fn words(&self, separator: &str) -> Vec<&'a str> {
            ran();
            self.text.split(separator).collect()
        }
        #[memoize]
        fn first(&self) -> Result<&'a str, String> {
            ran();
            self.text.split(' ').next().ok_or_else(String::new)
        }
        #[memoize(returns = "ref")]
        fn table(&self) -> HashMap<&'a str, usize> {
            ran();
            self.text.split(' ').map(|word| (word, word.len())).collect()
        }
        #[memoize]
        fn same(&self, other: &'a str, more: Option<&'a str>) -> bool {
            ran();
            self.text == other || more.is_some_and(|more| more == self.text)
        }
        #[memoize]
        fn limit() -> &'static str {
            ran();
            "limit"
        }
    }
    let text = String::from("one two");
    let (word, words, table) = {
        let parser = Parser::new(&text);
        assert_eq!(counted(|| (parser.word(1), parser.word(1))), (("two", "two"), 1));
        assert_eq!(counted(|| (parser.first(), parser.first())), ((Ok("one"), Ok("one")), 1));
        assert_eq!(
            counted(|| (parser.same(&text, None), parser.same(&text, None))),
            ((true, true), 1)
        );
        assert_eq!(parser.table()["two"], 3);
        let local = String::from(" ");
        (parser.word(0), parser.words(&local), parser.table().clone())
    };
    // They outlive the parser.
    assert_eq!((word, words, table.len()), ("one", vec!["one", "two"], 2));
    assert_eq!(counted(|| (Parser::limit(), Parser::limit())), (("limit", "limit"), 1));
}

#[test]
fn lifetimes_of_the_type_may_be_elided() {
    #[memoize(blocks("length"))]
    struct Parser<'a> {
        text: &'a str,
        width: usize,
    }
    #[memoize]
    impl Parser<'_> {
        #[memoize]
        fn count(&self, letter: char) -> usize {
            ran();
            self.text.chars().filter(|own| *own == letter).count()
        }
        #[memoize(scope = "type", capacity = 10, reads(width: usize))]
        fn padded(&self, n: usize) -> String {
            ran();
            " ".repeat(self.width.saturating_sub(n))
        }
        #[memoize(scope = "type")]
        fn version() -> u32 {
            ran();
            1
        }
    }
    #[memoize(block = "shown")]
    impl Display for Parser<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{} {}", self.text, self.count('a'))
        }
    }
    trait Len {
        fn length(&self, of: &str) -> usize;
    }
    #[memoize(block = "length")]
    impl<'b> Len for Parser<'b> {
        #[memoize]
        fn length(&self, of: &str) -> usize {
            ran();
            self.text.len() + of.len()
        }
    }
    let text = String::from("abca");
    let parser = Parser { text: &text, width: 4, memo: Default::default() };
    assert_eq!(counted(|| format!("{parser}{parser}")), ("abca 2abca 2".to_owned(), 1));
    assert_eq!(counted(|| (parser.length("x"), parser.length("x"))), ((5, 5), 1));
    assert_eq!(counted(|| (Parser::version(), Parser::version())), ((1, 1), 1));
    assert_eq!(counted(|| (parser.padded(1), parser.padded(1))), (("   ".into(), "   ".into()), 1));
}

#[test]
fn self_may_stand_in_signatures() {
    #[memoize]
    #[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
    struct Node {
        name: String,
        children: Vec<Node>,
    }
    #[memoize]
    impl Node {
        fn leaf(name: &str) -> Self {
            Self { name: name.to_owned(), children: Vec::new() }
        }
        #[memoize]
        fn normalized(&self) -> Self {
            ran();
            let mut children: Vec<Self> = self.children.iter().map(Self::normalized).collect();
            children.sort_by(|left, right| left.name.cmp(&right.name));
            Self { name: self.name.to_lowercase(), children }
        }
        #[memoize]
        fn find(&self, name: &str) -> Option<Node> {
            ran();
            if self.name == name {
                return Some(self.clone());
            }
            self.children.iter().find_map(|child| child.find(name))
        }
        #[memoize(capacity = 4)]
        fn joined(&self, other: &Self, all: Vec<Self>) -> Result<Box<Self>, String> {
            ran();
            let children = [self, other].into_iter().cloned().chain(all).collect();
            Ok(Box::new(Self { name: String::new(), children }))
        }
        #[memoize(returns = "ref")]
        fn flat(&self) -> Vec<Self> {
            ran();
            let below = self.children.iter().flat_map(|child| child.flat().iter().cloned());
            std::iter::once(Self::leaf(&self.name)).chain(below).collect()
        }
        #[memoize(scope = "type")]
        fn empty() -> Self {
            ran();
            Self::leaf("")
        }
    }
    let tree = Node {
        name: "A".to_owned(),
        children: vec![Node::leaf("C"), Node::leaf("B")],
        ..Default::default()
    };
    let (normalized, runs) = counted(|| tree.normalized());
    assert_eq!((normalized.children[0].name.as_str(), runs), ("b", 3));
    assert_eq!(counted(|| tree.normalized()), (normalized, 0));
    assert_eq!(counted(|| tree.find("B")), (Some(Node::leaf("B")), 3));
    assert_eq!(counted(|| tree.find("B")), (Some(Node::leaf("B")), 0));
    assert_eq!(counted(|| tree.flat().len() + tree.flat().len()), (6, 3));
    let joined =
        || tree.joined(&Node::leaf("x"), vec![Node::leaf("y")]).map(|node| node.children.len());
    assert_eq!(counted(|| (joined(), joined())), ((Ok(3), Ok(3)), 1));
    assert_eq!(counted(|| (Node::empty(), Node::empty())).1, 1);
}

mod other_place {
    pub mod deep {
        #[memo_runtime::memoize(blocks("far", "further"))]
        #[derive(Default)]
        pub struct Placed {
            #[allow(dead_code)]
            pub(self) value: u32,
        }
    }
    use super::{counted, ran};
    use memo_runtime::memoize as cached;

    #[cached]
    impl deep::Placed {
        #[memo_runtime::memoize]
        pub(super) fn near(&self, n: u32) -> u32 {
            ran();
            n + 1
        }
    }

    mod blocks {
        use super::*;
        #[memo_runtime::memoize(block = "far")]
        impl super::deep::Placed {
            #[memo_runtime::memoize(capacity = 3)]
            pub fn far(&self, n: u32) -> u32 {
                ran();
                self.near(n) + 1
            }
        }
        #[memo_runtime::memoize(block = "further")]
        impl crate::other_place::deep::Placed {
            #[memo_runtime::memoize(scope = "type", unbounded)]
            pub fn typed(n: u32) -> u32 {
                ran();
                n + 1
            }
            #[memo_runtime::memoize]
            pub fn further(&self) -> u32 {
                ran();
                self.far(1) + Self::typed(2)
            }
        }
    }

    #[test]
    fn blocks_may_stand_in_other_modules() {
        let placed = deep::Placed::default();
        assert_eq!(counted(|| (placed.further(), placed.further())), ((6, 6), 4));
        assert_eq!((placed.near_cache().len(), placed.far_cache().len()), (1, 1));
    }
}

/// A whole struct with its blocks, from pieces of every kind.
macro_rules! whole {
    (
        $vis:vis $name:ident<$parameter:ident>, $kind:literal, $life:lifetime, $ty:ty, $field:ident,
        $method:ident($argument:pat_param, $($rest:ident: $rest_ty:ty),*) -> $output:ty $body:block,
        $capacity:expr, $bound:path, [$($attribute:meta),*]
    ) => {
        #[memoize]
        $(#[$attribute])*
        $vis struct $name<$life, $parameter> {
            $field: $ty,
            other: PhantomData<&$life $parameter>,
        }
        #[memoize]
        impl<$life, $parameter: $bound + Send + Sync> $name<$life, $parameter> {
            $vis fn new($field: $ty) -> Self {
                Self { $field, other: PhantomData }
            }
            #[memoize(capacity = $capacity, stats)]
            $vis fn $method(&self, $argument: $ty, $($rest: $rest_ty),*) -> $output $body
            #[memoize(scope = $kind, capacity = $capacity)]
            $vis fn typed(argument: $ty, reference: &$ty, pair: ($ty, f64)) -> Option<$output>
            where
                $parameter: 'static,
            {
                ran();
                let _ = (argument, reference, pair);
                None
            }
            $vis fn set(&mut self, $field: $ty) {
                *self = Self { $field, ..Self::new($field) };
            }
        }
    };
}

macro_rules! free {
    ($(#[$option:meta])* $name:ident($($argument:ident: $ty:ty),*) -> $output:ty { $body:expr }) => {
        $(#[$option])*
        fn $name($($argument: $ty),*) -> $output { $body }
    };
}

#[test]
fn macros_may_generate_items() {
    whole! {
        pub Whole<T>, "type", 'x, u32, value,
        method(mut n, text: &str, floats: &[f64]) -> Result<u32, String> {
            ran();
            n += u32::try_from(text.len() + floats.len()).unwrap();
            if n > 100 { Err("large".to_owned()) } else { Ok(n) }
        },
        1 + 2, Debug, [derive(Debug, Clone)]
    }
    free! {
        #[memoize(unbounded)]
        triangle(n: u64) -> u64 { if n == 0 { 0 } else { ran(); n + triangle(n - 1) } }
    }
    free! {
        #[memoize(capacity = 3, returns_nothing_else)]
        #[cfg(any())]
        absent(n: u64) -> u64 { n }
    }
    let mut whole = Whole::<u8>::new(1);
    assert_eq!(counted(|| whole.method(1, "ab", &[1.0])), (Ok(4), 1));
    assert_eq!(counted(|| whole.method(1, "ab", &[1.0])), (Ok(4), 0));
    assert_eq!(counted(|| whole.method(100, "ab", &[1.0]).is_err()), (true, 1));
    assert_eq!(
        whole.method_cache().info().to_string(),
        "hits=1 misses=2 evictions=0 len=1 capacity=3"
    );
    assert_eq!(counted(|| Whole::<u8>::typed(1, &2, (3, 4.0))), (None, 1));
    assert_eq!(counted(|| Whole::<u8>::typed(1, &2, (3, 4.0))), (None, 0));
    assert_eq!(counted(|| Whole::<i8>::typed(1, &2, (3, 4.0))), (None, 1));
    whole.set(2);
    assert_eq!((whole.value, whole.method_cache().len()), (2, 0));
    assert_eq!(counted(|| triangle(10)), (55, 10));
    assert_eq!(counted(|| triangle(10)), (55, 0));
}

#[test]
fn raw_identifiers_are_names() {
    #[memoize]
    #[derive(Default)]
    #[allow(non_camel_case_types)]
    struct r#struct {
        r#type: u32,
    }
    #[memoize]
    impl r#struct {
        #[memoize]
        fn r#match(&self, r#in: u32, r#fn: &str) -> u32 {
            ran();
            self.r#type + r#in + u32::try_from(r#fn.len()).unwrap_or(0)
        }
        #[memoize(scope = "type", unbounded, reads(r#type: u32), skip(r#dyn))]
        fn r#loop(&self, r#in: u32, r#dyn: u32) -> u32 {
            ran();
            self.r#type + r#in + r#dyn
        }
        #[memoize(key(r#as: u32 = r#in + 1))]
        fn r#async(&self, r#in: u32) -> u32 {
            ran();
            self.r#type + r#in
        }
    }
    #[memoize(unbounded)]
    fn r#move(r#where: u32) -> u32 {
        ran();
        r#where
    }
    let raw = r#struct::default();
    for runs in [1, 0] {
        assert_eq!(counted(|| raw.r#match(1, "a")), (2, runs));
        assert_eq!(counted(|| raw.r#loop(1, 2)), (3, runs));
        assert_eq!(counted(|| raw.r#async(1)), (1, runs));
        assert_eq!(counted(|| r#move(1)), (1, runs));
    }
    assert_eq!(
        (raw.match_cache().len(), r#struct::loop_cache().len(), move_cache().len()),
        (1, 1, 1)
    );
}

#[test]
fn cfg_gates_a_method_and_its_cache() {
    #[memoize]
    #[derive(Default)]
    struct Gated {
        #[cfg(any())]
        absent: NoSuchType,
        present: u32,
    }
    #[memoize]
    impl Gated {
        #[cfg(any())]
        #[memoize]
        fn method(&self, n: NoSuchType) -> NoSuchType {
            n
        }
        #[cfg(all())]
        #[memoize]
        fn method(&self, n: u32) -> u32 {
            ran();
            n + self.present
        }
        #[memoize(scope = "type", unbounded)]
        #[cfg(any())]
        fn typed(n: NoSuchType) -> NoSuchType {
            n
        }
        #[cfg(any())]
        fn set(&mut self, absent: NoSuchType) {
            self.absent = absent;
        }
    }
    #[cfg(any())]
    #[memoize(unbounded)]
    fn free(n: NoSuchType) -> NoSuchType {
        n
    }
    #[memoize(unbounded)]
    #[cfg(any())]
    fn free(n: NoSuchType) -> NoSuchType {
        n
    }
    let gated = Gated::default();
    assert_eq!(counted(|| (gated.method(1), gated.method(1))), ((1, 1), 1));
    assert_eq!(gated.method_cache().len(), 1);
}

#[test]
fn the_field_may_have_another_name_and_attributes() {
    #[memoize(field = caches, field_attrs(#[cfg(all())] #[allow(unused)]))]
    #[derive(Debug, Clone, PartialEq, Default)]
    struct Renamed {
        memo: u32,
    }
    #[memoize(field = caches)]
    impl Renamed {
        fn new(memo: u32) -> Self {
            Self { memo }
        }
        #[memoize]
        fn doubled(&self) -> u32 {
            ran();
            let Self { memo } = self;
            memo * 2
        }
        fn set(&mut self, memo: u32) {
            *self = Self { memo };
        }
    }
    #[memoize(block = "b", field = caches)]
    impl From<u32> for Renamed {
        fn from(memo: u32) -> Self {
            Renamed { memo }
        }
    }
    let mut renamed = Renamed::new(1);
    assert_eq!(counted(|| (renamed.doubled(), renamed.doubled())), ((2, 2), 1));
    renamed.set(2);
    assert_eq!(counted(|| (renamed.doubled(), renamed.doubled())), ((4, 4), 1));
    assert_eq!(renamed, Renamed::from(2));
}

#[test]
fn items_may_stand_inside_functions_and_methods() {
    fn outer(n: u32) -> u32 {
        #[memoize(unbounded)]
        fn inner(n: u32) -> u32 {
            ran();
            n + 1
        }
        inner(n)
    }
    #[memoize]
    #[derive(Default)]
    struct Host {}
    #[memoize]
    impl Host {
        #[memoize]
        fn host(&self, n: u32) -> u32 {
            #[memoize]
            #[derive(Default)]
            struct Guest {
                n: u32,
            }
            #[memoize]
            impl Guest {
                #[memoize]
                fn guest(&self, m: u32) -> u32 {
                    ran();
                    self.n + m
                }
            }
            #[memoize(unbounded)]
            fn host(n: u32) -> u32 {
                ran();
                n
            }
            let guest = Guest { n, ..Default::default() };
            guest.guest(1) + guest.guest(1) + host(n)
        }
    }
    assert_eq!(counted(|| (outer(1), outer(1))), ((2, 2), 1));
    let inner = Host::default();
    assert_eq!(counted(|| (inner.host(1), inner.host(1))), ((5, 5), 2));
    let closure = || {
        #[memoize]
        fn table() -> Vec<u32> {
            ran();
            vec![1]
        }
        table().len()
    };
    assert_eq!(counted(|| closure() + closure()), (2, 1));
}

#[test]
fn enums_and_tuple_structs_have_type_scoped_methods() {
    #[derive(Debug)]
    enum Level {
        Low,
    }
    struct Meters(f64);
    struct Wrapper<T>(PhantomData<T>);

    #[memoize]
    impl Level {
        #[memoize(scope = "type", unbounded)]
        fn parse(text: &str) -> Result<u8, String> {
            ran();
            text.parse().map_err(|_| format!("{:?}", Self::Low))
        }
    }
    #[memoize]
    impl Meters {
        #[memoize(scope = "type", capacity = 3)]
        fn feet(meters: f64) -> f64 {
            ran();
            Self(meters * 3.0).0
        }
    }
    #[memoize]
    impl<T: Display + 'static> Wrapper<T> {
        #[memoize(scope = "type", capacity = 3, skip(show))]
        fn shown(show: &T, n: u32) -> String {
            ran();
            format!("{show}{n}")
        }
    }
    #[memoize]
    impl<T: 'static> Wrapper<Vec<T>> {
        #[memoize(scope = "type")]
        fn depth() -> usize {
            ran();
            size_of::<T>()
        }
    }
    for runs in [1, 0] {
        assert_eq!(counted(|| Level::parse("7")), (Ok(7), runs));
        assert_eq!(counted(|| Level::parse("x")), (Err("Low".to_owned()), 1));
        assert_eq!(counted(|| Meters::feet(1.0) > 2.0), (true, runs));
        assert_eq!(counted(|| Wrapper::shown(&'a', 1)), ("a1".to_owned(), runs));
        assert_eq!(counted(|| Wrapper::shown(&7, 1)), ("71".to_owned(), runs));
        assert_eq!(counted(Wrapper::<Vec<u8>>::depth), (1, runs));
        assert_eq!(counted(Wrapper::<Vec<u16>>::depth), (2, runs));
    }
    let _ = Wrapper(PhantomData::<u8>).0;
}
