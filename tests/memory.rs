//! Contract points 1 and 12: what caches cost, and that nothing stays behind. Measured with a counting allocator.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    mem::size_of,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use memo_runtime::{clear_instance, clock::advance, memoize};

/// Counts the live bytes and the allocations of each thread.
struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: defers to `System`.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = LIVE.try_with(|live| live.set(live.get() + signed(layout.size())));
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let _ = LIVE.try_with(|live| live.set(live.get() - signed(layout.size())));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What is forgotten is freed as soon as no thread is reading: keeps the threads of other tests out.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    // A thread that reads for the first time takes the place of one that has ended, or a new one, which is never freed.
    shared_cache().contains((0,));
    turn
}

fn live() -> isize {
    LIVE.get()
}

fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

#[memoize]
struct Many {
    n: u64,
}

#[memoize]
impl Many {
    fn new(n: u64) -> Self {
        Self { n }
    }
    #[memoize]
    fn constant(&self) -> u64 {
        self.n
    }
    #[memoize]
    fn text(&self) -> String {
        self.n.to_string()
    }
    #[memoize]
    fn unbounded(&self, m: u64) -> u64 {
        self.n + m
    }
    #[memoize(capacity = 1_000_000)]
    fn bounded(&self, m: u64) -> u64 {
        self.n + m
    }
    #[memoize]
    fn words(&self, word: &str) -> String {
        word.repeat(self.n as usize)
    }
    #[memoize(capacity = 16)]
    fn few_words(&self, word: &str) -> String {
        word.repeat(self.n as usize)
    }
    #[memoize(returns = "ref")]
    fn kept(&self, m: u64) -> Vec<u64> {
        vec![self.n; m as usize]
    }
    #[memoize(returns = "ref")]
    fn kept_constant(&self) -> String {
        self.n.to_string()
    }
    fn set(&mut self, n: u64) {
        self.n = n;
    }
    fn call_all(&self, calls: u64) {
        self.constant();
        self.text();
        self.kept_constant();
        for m in 0..calls {
            self.unbounded(m);
            self.bounded(m);
            self.kept(m % 8);
            self.words(if m % 2 == 0 { "even" } else { "odd" });
            self.few_words(if m % 3 == 0 { "three" } else { "other" });
        }
    }
    fn change_while_calling(&mut self, calls: u64) {
        for m in 0..calls {
            self.unbounded(m);
            self.text();
            self.n += 1;
        }
    }
}

#[memoize]
struct OneMethod {
    n: u64,
}
#[memoize]
impl OneMethod {
    #[memoize]
    fn unbounded(&self, m: u64) -> u64 {
        self.n + m
    }
}

#[memoize(unbounded)]
fn shared(m: u64) -> String {
    m.to_string()
}

#[memoize(capacity = 100)]
fn shared_bounded(m: u64) -> String {
    m.to_string()
}

#[memoize]
fn shared_constant() -> String {
    "constant".to_string()
}

#[test]
fn cold_instance_costs_one_pointer_and_no_heap() {
    let _turn = alone();
    assert!(size_of::<Many>() <= size_of::<u64>() + 8);
    assert_eq!(allocations(|| drop(Many::new(1))), 0);
    assert_eq!(allocations(|| drop(std::hint::black_box(Many::new(1)).memo.clone())), 0);
}

#[test]
fn uncalled_methods_cost_at_most_8_bytes_each() {
    let _turn = alone();
    let base = live();
    let one = OneMethod { n: 1, memo: Default::default() };
    one.unbounded(1);
    let cost_of_one = live() - base;
    let base = live();
    let many = Many::new(1);
    many.unbounded(1);
    // Four more with arguments; three cells of `u64` or `String`.
    let cells = 3 * (size_of::<std::sync::OnceLock<String>>() + 8);
    assert!(live() - base - cost_of_one <= 4 * 8 + signed(cells));
}

#[test]
fn capacity_is_not_allocated_ahead() {
    let _turn = alone();
    let base = live();
    let many = Many::new(1);
    many.bounded(1);
    assert!(live() - base < 4096, "{}", live() - base);
}

#[test]
fn hits_allocate_nothing() {
    let _turn = alone();
    let many = Many::new(1);
    many.call_all(10);
    shared_constant();
    let hits = allocations(|| {
        for m in 0..10 {
            many.constant();
            many.unbounded(m);
            many.bounded(m);
            many.kept(m % 8);
            many.kept_constant();
        }
    });
    assert_eq!(hits, 0);
}

#[memoize(engine = quick_cache::sync::Cache::new(100))]
fn in_engine(text: &str, rest: &[f64]) -> usize {
    text.len() + rest.len()
}

#[test]
fn a_hit_in_an_engine_allocates_nothing_of_ours() {
    in_engine("text", &[1.0]);
    assert_eq!(allocations(|| assert_eq!(in_engine("text", &[1.0]), 5)), 0);
}

#[test]
fn dropped_instances_leave_nothing_behind() {
    let _turn = alone();
    Many::new(0).call_all(3);
    let base = live();
    for n in 0..10_000 {
        let mut many = Many::new(n);
        many.call_all(2);
        if n % 10 == 0 {
            many.set(1);
            many.change_while_calling(2);
        }
    }
    assert_eq!(live(), base);
}

#[test]
fn clear_frees_the_memory_also_under_repetition() {
    let _turn = alone();
    let many = Many::new(1);
    let fill_and_clear = || {
        many.call_all(100);
        many.constant_cache().clear();
        many.text_cache().clear();
        many.unbounded_cache().clear();
        many.bounded_cache().clear();
        many.words_cache().clear();
        many.few_words_cache().clear();
        for m in 0..100 {
            shared(m);
            shared_bounded(m);
        }
        shared_constant();
        shared_cache().clear();
        shared_bounded_cache().clear();
        shared_constant_cache().clear();
    };
    fill_and_clear();
    let base = live();
    for _ in 0..1000 {
        fill_and_clear();
    }
    assert_eq!(live(), base);
}

#[test]
fn remove_frees_the_memory_also_under_repetition() {
    let _turn = alone();
    let many = Many::new(1);
    let fill_and_remove = || {
        for m in 0..50 {
            many.unbounded(m);
            many.bounded(m);
        }
        many.words("word");
        many.text();
        for m in 0..50 {
            assert!(many.unbounded_cache().remove((m,)));
            assert!(many.bounded_cache().remove((m,)));
        }
        assert!(many.words_cache().remove(("word",)));
        assert!(many.text_cache().remove(()));
    };
    // A store remembers its last 16 removals.
    (0..20).for_each(|_| fill_and_remove());
    let base = live();
    for _ in 0..1000 {
        fill_and_remove();
    }
    assert_eq!(live(), base);
}

#[test]
fn mutation_frees_the_memory() {
    let _turn = alone();
    let mut many = Many::new(1);
    let base = live();
    many.call_all(1000);
    many.set(2);
    assert_eq!(live(), base);
    many.call_all(1000);
    clear_instance(&mut many);
    assert_eq!(live(), base);
}

#[test]
fn a_mutating_method_that_calls_does_not_pile_up() {
    let _turn = alone();
    let mut many = Many::new(1);
    many.change_while_calling(10);
    let base = live();
    for _ in 0..100 {
        many.change_while_calling(100);
    }
    assert_eq!(live(), base);
}

#[test]
fn replacing_an_entry_frees_the_old_one() {
    let _turn = alone();
    let many = Many::new(1);
    many.words("word");
    many.words_cache().insert(("word",), "x".repeat(1000));
    let base = live();
    for _ in 0..100 {
        many.words_cache().insert(("word",), "y".repeat(1000));
    }
    assert_eq!(live(), base);
}

macro_rules! streams {
    ($($name:ident: $make:expr;)*) => { $( mod $name {
        use super::*;
        #[test]
        fn a_stream_of_fresh_keys_takes_the_memory_of_about_a_lifetime() {
            let _turn = alone();
            check_stream($make);
        }
    } )* };
}

/// A hundred fresh keys in a lifetime.
fn stream(keys: std::ops::Range<u64>, call: &impl Fn(u64)) {
    for n in keys {
        call(n);
        advance(Duration::from_millis(100));
    }
}

fn check_stream(call: impl Fn(u64)) {
    let base = live();
    stream(0..1000, &call);
    let after_ten = live() - base;
    stream(1000..20_000, &call);
    let after_many = live() - base;
    assert!(after_many <= after_ten + after_ten / 2, "{after_ten}, then {after_many}");
    // Many at once, and then as before: what they took is given back.
    (20_000..60_000).for_each(&call);
    let at_once = live() - base;
    advance(Duration::from_secs(10));
    stream(60_000..80_000, &call);
    let again = live() - base;
    assert!(at_once > 20 * after_many, "{after_many}, then {at_once}");
    assert!(again <= after_ten * 2, "{after_ten}, then {at_once}, then {again}");
}

#[memoize]
#[derive(Default)]
struct Feed {}
#[memoize]
impl Feed {
    #[memoize(ttl = "10s")]
    fn numbers(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s")]
    fn texts(&self, n: u64) -> String {
        n.to_string()
    }
    #[memoize(ttl = "10s", capacity = 100_000, policy = "sieve")]
    fn sieved(&self, n: u64) -> String {
        n.to_string()
    }
    #[memoize(ttl = "10s")]
    fn keys(&self) -> String {
        "keys".to_owned()
    }
}
#[memoize]
#[derive(Default)]
struct LocalFeed {}
#[memoize]
impl LocalFeed {
    #[memoize(ttl = "10s", unsync)]
    fn numbers(&self, n: u64) -> u64 {
        n
    }
    #[memoize(ttl = "10s", unsync)]
    fn texts(&self, n: u64) -> String {
        n.to_string()
    }
    #[memoize(ttl = "10s", capacity = 100_000, policy = "sieve", unsync)]
    fn sieved(&self, n: u64) -> String {
        n.to_string()
    }
    #[memoize(ttl = "10s", unsync)]
    fn keys(&self) -> String {
        "keys".to_owned()
    }
}

#[memoize(ttl = "10s", unbounded)]
fn quotes(symbol: &str) -> String {
    symbol.repeat(2)
}

streams! {
    of_numbers: { let feed = Feed::default(); move |n| _ = feed.numbers(n) };
    of_texts: { let feed = Feed::default(); move |n| _ = feed.texts(n) };
    sieved: { let feed = Feed::default(); move |n| _ = feed.sieved(n) };
    local_numbers: { let feed = LocalFeed::default(); move |n| _ = feed.numbers(n) };
    local_texts: { let feed = LocalFeed::default(); move |n| _ = feed.texts(n) };
    local_sieved: { let feed = LocalFeed::default(); move |n| _ = feed.sieved(n) };
    of_a_function: |n: u64| _ = quotes(&n.to_string());
}

#[test]
fn a_cell_that_gets_old_again_and_again_does_not_pile_up() {
    let _turn = alone();
    let (feed, local) = (Feed::default(), LocalFeed::default());
    let call = |_| _ = (feed.keys(), local.keys());
    stream(0..1000, &call);
    let base = live();
    stream(1000..10_000, &call);
    assert_eq!(live(), base);
}

#[test]
fn hits_with_ttl_allocate_nothing() {
    let _turn = alone();
    let feed = Feed::default();
    feed.numbers(1);
    quotes("a");
    assert_eq!(allocations(|| _ = feed.numbers(1)), 0);
    // The clone of the result is the one allocation.
    assert_eq!(allocations(|| _ = quotes("a")), 1);
}
