//! `reads(field: Type)`: instances share a type-scoped cache by exactly the state that is listed.

use std::{
    fmt,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use memo_runtime::memoize;

static BODIES: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static RUN: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Counts the bodies that this thread ran.
fn ran() -> u32 {
    RUN.get()
}

fn run() {
    RUN.set(RUN.get() + 1);
    BODIES.fetch_add(1, Relaxed);
}

#[derive(Debug, PartialEq)]
struct Refusal(String);

#[memoize]
#[derive(Clone)]
struct Shop {
    rate: f64,
    name: String,
    stock: Vec<u32>,
}

trait Priced {
    fn price(&self, net: f64) -> f64;
}

#[memoize]
impl Shop {
    const FEE: f64 = 0.5;

    fn new(rate: f64, name: &str) -> Self {
        Self { rate, name: name.into(), stock: vec![1, 2] }
    }

    fn rounded(amount: f64) -> f64 {
        amount.round()
    }

    #[memoize(scope = "type", unbounded, reads(rate: f64))]
    fn tax(&self, net: f64) -> f64 {
        run();
        net * self.rate
    }

    #[memoize(scope = "type", unbounded, reads(rate: f64, name: String))]
    fn label(&self) -> String {
        run();
        format!("{} at {}", self.name, self.rate)
    }

    #[memoize(scope = "type", capacity = 10, reads(stock: Vec<u32>), skip(_hint))]
    fn total(&self, factor: u32, _hint: &dyn fmt::Debug) -> u32 {
        run();
        let factors = [factor];
        self.stock.iter().map(|item| item * factors[0] * self.stock.len() as u32).sum()
    }

    #[memoize(scope = "type", unbounded, reads(rate: f64), key(cents: i64 = (net * 100.0) as i64))]
    fn by_cents(&self, net: f64) -> f64 {
        run();
        net * self.rate
    }

    #[memoize(scope = "type", unbounded, reads(rate: f64))]
    fn through_self(&self, net: f64) -> f64 {
        run();
        let Self { rate, .. } = Self {
            rate: self.rate,
            name: String::new(),
            stock: Vec::new(),
            memo: Default::default(),
        };
        Self::rounded(net * rate + Self::FEE)
    }

    #[memoize(scope = "type", unbounded, reads(name: String))]
    fn checked(&self, limit: usize) -> Result<usize, Refusal> {
        run();
        if self.name.len() > limit {
            return Err(Refusal(self.name.clone()));
        }
        Ok(self.name.len())
    }

    #[memoize(scope = "type", unbounded, reads(name: String))]
    async fn greeting(&self, word: &str) -> String {
        run();
        std::future::ready(()).await;
        format!("{word} {}", self.name)
    }

    #[memoize(scope = "type", unbounded, returns = "ref", reads(name: String))]
    fn letters(&self, from: usize) -> Vec<char> {
        run();
        self.name.chars().skip(from).collect()
    }

    fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
    }

    #[memoize]
    fn own(&self) -> usize {
        self.stock.len()
    }
}

#[memoize]
impl Priced for Shop {
    #[memoize(scope = "type", unbounded, reads(rate: f64))]
    fn price(&self, net: f64) -> f64 {
        run();
        net + net * self.rate
    }
}

#[test]
fn equal_state_shares() {
    let (a, b) = (Shop::new(0.2, "a"), Shop::new(0.2, "b"));
    let before = ran();
    assert_eq!(a.tax(10.0), 2.0);
    assert_eq!(b.tax(10.0), 2.0);
    assert_eq!(ran() - before, 1);
    assert_eq!(Shop::tax_cache().peek((0.2, 10.0)), Some(2.0));
}

#[test]
fn any_difference_in_listed_state_separates() {
    let before = ran();
    for (rate, name) in [(0.25, "x"), (0.5, "x"), (0.25, "y"), (0.25, "x"), (0.5, "x")] {
        assert_eq!(Shop::new(rate, name).label(), format!("{name} at {rate}"));
    }
    assert_eq!(ran() - before, 3);
    let mut shop = Shop::new(0.75, "x");
    assert_eq!(shop.tax(4.0), 3.0);
    shop.set_rate(0.125);
    assert_eq!(shop.tax(4.0), 0.5);
}

#[test]
fn floats_in_the_state_are_keyed_by_their_bits() {
    let before = ran();
    for rate in [0.0, -0.0, f64::NAN, f64::NAN, 0.0] {
        let _ = Shop::new(rate, "nan").tax(77.0);
    }
    assert_eq!(ran() - before, 3);
}

#[test]
fn state_mixes_with_arguments_skip_and_key() {
    let shop = Shop::new(0.3, "s");
    let before = ran();
    assert_eq!(shop.total(2, &"one"), 12);
    assert_eq!(shop.total(2, &"two"), 12);
    assert_eq!(shop.total(3, &"one"), 18);
    assert_eq!(ran() - before, 2);
    assert_eq!(Shop::total_cache().len(), 2);
    assert!(Shop::total_cache().contains((vec![1, 2], 3)));
    let before = ran();
    assert_eq!(shop.by_cents(10.001), shop.by_cents(10.002));
    assert_eq!(ran() - before, 1);
}

#[test]
fn self_in_the_body_is_the_type() {
    assert_eq!(Shop::new(0.4, "s").through_self(10.0), 5.0);
}

#[test]
fn results_keep_only_ok() {
    let shop = Shop::new(0.1, "long");
    let before = ran();
    assert_eq!(shop.checked(3), Err(Refusal("long".into())));
    assert_eq!(shop.checked(3), Err(Refusal("long".into())));
    assert_eq!(shop.checked(4), Ok(4));
    assert_eq!(shop.checked(4), Ok(4));
    assert_eq!(ran() - before, 3);
}

#[tokio::test]
async fn async_bodies_read_state() {
    let (a, b) = (Shop::new(0.1, "z"), Shop::new(0.2, "z"));
    let before = ran();
    assert_eq!(a.greeting("hello").await, "hello z");
    assert_eq!(b.greeting("hello").await, "hello z");
    assert_eq!(ran() - before, 1);
}

#[test]
fn references_outlive_the_instance() {
    let letters: &'static Vec<char> = Shop::new(0.1, "abc").letters(1);
    assert_eq!(letters, &['b', 'c']);
    assert!(std::ptr::eq(letters, Shop::new(0.9, "abc").letters(1)));
}

#[test]
fn blocks_of_traits_read_state() {
    let before = ran();
    assert_eq!(Shop::new(0.5, "p").price(2.0), 3.0);
    assert_eq!(Shop::new(0.5, "q").price(2.0), 3.0);
    assert_eq!(ran() - before, 1);
}

#[test]
fn generic_types_read_state_for_each_type() {
    struct Scaled<'a, T, const N: usize> {
        value: T,
        #[allow(dead_code)]
        name: &'a str,
    }
    #[memoize]
    impl<T, const N: usize> Scaled<'_, T, N>
    where
        T: Clone + std::hash::Hash + Eq + Into<u64> + Send + Sync + 'static,
    {
        #[memoize(scope = "type", unbounded, reads(value: T))]
        fn scaled(&self, by: u64) -> u64 {
            run();
            let value: u64 = self.value.clone().into();
            value * by * N as u64 * Self::ONE
        }
        const ONE: u64 = 1;
    }
    let before = ran();
    assert_eq!(Scaled::<u8, 2> { value: 3, name: "a" }.scaled(5), 30);
    assert_eq!(Scaled::<u8, 2> { value: 3, name: "b" }.scaled(5), 30);
    assert_eq!(Scaled::<u8, 3> { value: 3, name: "b" }.scaled(5), 45);
    assert_eq!(Scaled::<u32, 2> { value: 3, name: "b" }.scaled(5), 30);
    assert_eq!(ran() - before, 3);
}

#[test]
fn counted_receivers_read_state() {
    use std::sync::Arc;
    struct Node {
        weight: u32,
    }
    #[memoize]
    impl Node {
        #[memoize(scope = "type", unbounded, reads(weight: u32))]
        fn heavier(self: Arc<Self>, by: u32) -> u32 {
            run();
            self.weight + by
        }
    }
    let before = ran();
    assert_eq!(Arc::new(Node { weight: 1 }).heavier(2), 3);
    assert_eq!(Arc::new(Node { weight: 1 }).heavier(2), 3);
    assert_eq!(ran() - before, 1);
}

#[test]
fn own_cache_and_shared_cache_live_side_by_side() {
    let shop = Shop::new(0.6, "side");
    assert_eq!((shop.own(), shop.clone().own()), (2, 2));
}

#[test]
fn associated_types_of_the_block_are_spelled_out_also_as_prefixes() {
    trait Decode {
        type Output;
        type Step;
        fn decode(&self, more: u8) -> Self::Output;
    }
    struct Decoder {
        first: u8,
    }
    #[memoize]
    impl Decode for Decoder {
        type Output = Vec<u8>;
        type Step = Option<u8>;
        #[memoize(scope = "type", unbounded, reads(first: u8))]
        fn decode(&self, more: u8) -> Self::Output {
            let mut output = Self::Output::new();
            let step: Self::Step = Self::Step::from(self.first);
            output.extend(step.into_iter().chain(Some(more)));
            output
        }
    }
    assert_eq!(Decoder { first: 1 }.decode(2), [1, 2]);
}

#[test]
fn static_references_are_state_like_any_other() {
    struct Labelled {
        name: &'static str,
        tags: (&'static [u8], Option<&'static str>),
    }
    #[memoize]
    impl Labelled {
        #[memoize(scope = "type", unbounded, reads(name: &'static str))]
        fn repeated(&self, times: usize) -> (String, &'static str) {
            run();
            (self.name.repeat(times), self.name)
        }
        #[memoize(scope = "type", capacity = 2, reads(tags: (&'static [u8], Option<&'static str>)))]
        fn tagged(&self) -> usize {
            run();
            self.tags.0.len() + self.tags.1.map_or(0, str::len)
        }
        #[memoize(scope = "type", unbounded, key(name: &'static str = name))]
        fn keyed(name: &'static str, _unit: u8) -> usize {
            run();
            name.len()
        }
    }
    let labelled = |name| Labelled { name, tags: (b"ab", Some(name)) };
    let before = ran();
    assert_eq!(labelled("a").repeated(2), ("aa".into(), "a"));
    assert_eq!(labelled("a").repeated(2), ("aa".into(), "a"));
    assert_eq!(labelled("b").repeated(2), ("bb".into(), "b"));
    assert!(Labelled::repeated_cache().contains(("a", 2)));
    assert_eq!(
        (labelled("abc").tagged(), labelled("abc").tagged(), labelled("abcd").tagged()),
        (5, 5, 6)
    );
    assert_eq!((Labelled::keyed("a", 1), Labelled::keyed("a", 2)), (1, 1));
    assert_eq!(ran() - before, 5);
}
