//! What is kept of a result: `Ok` but not `Err`, `None` like any other, what `cache_if` lets through; and how it is
//! handed out: as a clone, or by reference.

#![allow(
    clippy::borrowed_box,
    clippy::items_after_statements,
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    clippy::unnecessary_wraps,
    reason = "the signatures are the point"
)]

use memo_runtime::{clear_instance, memoize};
use std::{
    cell::Cell,
    fs, io,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    thread,
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

/// Neither `Clone`, nor anything else.
#[derive(Debug, PartialEq)]
struct Failure(u32);

mod plain_results {
    use super::*;
    type Alias<T> = Result<T, Failure>;
    type Fixed = Result<u32, Failure>;
    type Swapped<E, T> = Result<T, E>;

    #[memoize]
    #[derive(Default)]
    struct Parser {
        base: u32,
    }

    fn checked(n: u32) -> Result<u32, Failure> {
        ran();
        if n % 2 == 0 { Ok(n) } else { Err(Failure(n)) }
    }

    #[memoize]
    impl Parser {
        #[memoize]
        fn written(&self, n: u32) -> Result<u32, Failure> {
            Ok(checked(n)? + self.base)
        }
        #[memoize(capacity = 10)]
        fn qualified(&self, n: u32) -> ::core::result::Result<u32, Failure> {
            checked(n).map(|n| n + self.base)
        }
        #[memoize]
        fn cell(&self) -> Result<u32, Failure> {
            checked(self.base + 1)
        }
        #[memoize(scope = "type", unbounded)]
        fn typed(n: u32) -> Result<u32, Failure> {
            checked(n)
        }
    }

    #[test]
    fn ok_is_kept_and_err_is_not() {
        let parser = Parser { base: 0, ..Default::default() };
        let calls: [&dyn Fn(u32) -> Result<u32, Failure>; 3] =
            [&|n| parser.written(n), &|n| parser.qualified(n), &Parser::typed];
        for call in calls {
            assert_eq!(counted(|| call(2)), (Ok(2), 1));
            assert_eq!(counted(|| call(2)), (Ok(2), 0));
            assert_eq!(counted(|| call(3)), (Err(Failure(3)), 1));
            assert_eq!(counted(|| call(3)), (Err(Failure(3)), 1));
        }
        assert_eq!(counted(|| parser.cell()), (Err(Failure(1)), 1));
        assert_eq!(counted(|| parser.cell()), (Err(Failure(1)), 1));
        // What is stored is `T`, so it is what the accessor takes and gives.
        assert_eq!(parser.written_cache().peek((2,)), Some(2));
        parser.written_cache().insert((3,), 33);
        assert_eq!(counted(|| parser.written(3)), (Ok(33), 0));
        parser.cell_cache().insert((), 5);
        assert_eq!(counted(|| parser.cell()), (Ok(5), 0));
        assert_eq!((parser.written_cache().len(), Parser::typed_cache().len()), (2, 1));
    }

    // An alias stands for a `Result` that the attribute cannot see, so what is stored is cloned as a whole.
    #[derive(Debug, Clone, PartialEq)]
    struct Known(u32);
    type Whole<T> = Result<T, Known>;
    type Unit = Whole<u32>;
    mod deep {
        pub type Outer<T> = super::Whole<T>;
    }

    fn known(n: u32) -> Result<u32, Known> {
        checked(n).map_err(|failure| Known(failure.0))
    }

    #[memoize]
    #[derive(Default)]
    struct Aliases {}

    #[memoize]
    impl Aliases {
        #[memoize]
        fn generic(&self, n: u32) -> Whole<u32> {
            known(n)
        }
        #[memoize(capacity = 10)]
        fn whole(&self, n: u32) -> Unit {
            known(n)
        }
        #[memoize(scope = "type", unbounded)]
        fn far(n: u32) -> deep::Outer<u32> {
            known(n)
        }
        #[memoize(unsync)]
        fn local(&self, n: u32) -> self::deep::Outer<u32> {
            known(n)
        }
        #[memoize(scope = "type", capacity = 8)]
        async fn later(n: u32) -> Whole<u32> {
            known(n)
        }
        #[memoize]
        async fn later_here(&self, n: u32) -> Unit {
            known(n)
        }
    }

    #[test]
    fn an_alias_never_keeps_an_err() {
        let aliases = Aliases::default();
        let calls: [&dyn Fn(u32) -> Result<u32, Known>; 6] = [
            &|n| aliases.generic(n),
            &|n| aliases.whole(n),
            &Aliases::far,
            &|n| aliases.local(n),
            &|n| ready(Aliases::later(n)),
            &|n| ready(aliases.later_here(n)),
        ];
        for (index, call) in calls.into_iter().enumerate() {
            for runs in [1, 0] {
                assert_eq!(counted(|| call(2)), (Ok(2), runs), "{index}");
                assert_eq!(counted(|| call(3)), (Err(Known(3)), 1), "{index}");
            }
        }
    }

    #[test]
    fn cache_if_keeps_no_err_behind_an_alias_either() {
        #[memoize(unbounded, cache_if = |_| true)]
        fn all(n: u32) -> Whole<u32> {
            known(n)
        }
        #[memoize(unbounded, cache_if = |result| result.as_ref().is_ok_and(|n| *n > 10))]
        fn large(n: u32) -> Whole<u32> {
            known(n)
        }
        for runs in [1, 0] {
            assert_eq!(counted(|| all(3)), (Err(Known(3)), 1));
            assert_eq!(counted(|| all(2)), (Ok(2), runs));
            assert_eq!(counted(|| large(2)), (Ok(2), 1));
            assert_eq!(counted(|| large(12)), (Ok(12), runs));
        }
    }

    #[test]
    fn the_error_of_an_alias_may_be_shared() {
        type IoResult<T> = Result<T, Arc<io::Error>>;
        #[memoize(unbounded)]
        fn size(path: &str) -> IoResult<u64> {
            ran();
            Ok(fs::metadata(path).map_err(Arc::new)?.len())
        }
        for _ in 0..2 {
            assert_eq!(counted(|| size("/no/such/file").is_err()), (true, 1));
        }
        assert!(size_cache().is_empty());
    }

    #[test]
    fn aliases_by_other_names_are_results_too() {
        fn is_result(_: &Fixed, _: &Alias<u8>, _: &Swapped<Failure, u8>) {}
        is_result(&Ok(1), &Ok(1), &Ok(1));
        #[memoize(unbounded)]
        fn swapped(n: u32) -> Swapped<Known, u32> {
            known(n)
        }
        for _ in 0..2 {
            assert_eq!(counted(|| swapped(3)), (Err(Known(3)), 1));
        }
        assert_eq!(counted(|| swapped(4)), (Ok(4), 1));
        assert_eq!(counted(|| swapped(4)), (Ok(4), 0));
    }
}

/// The result of a future that is never pending.
fn ready<F: Future>(future: F) -> F::Output {
    use std::task::{Context, Poll, Waker};
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("nothing is awaited"),
    }
}

#[test]
fn io_result_works_where_its_error_does() {
    // `io::Error` is not `Clone`, so the result is written as the `Result` it is.
    #[memoize(unbounded)]
    fn size(path: &str) -> Result<u64, io::Error> {
        ran();
        Ok(fs::metadata(path)?.len())
    }
    for runs in [1, 0] {
        let (size, run) = counted(|| size("Cargo.toml"));
        assert!(size.is_ok_and(|size| size > 0));
        assert_eq!(run, runs);
    }
    for _ in 0..2 {
        let (size, run) = counted(|| size("no such file"));
        assert_eq!(size.map_err(|error| error.kind()), Err(io::ErrorKind::NotFound));
        assert_eq!(run, 1);
    }
    assert_eq!(size_cache().len(), 1);
}

#[test]
fn none_is_a_result_like_any_other() {
    #[memoize(capacity = 4)]
    fn half(n: u32) -> Option<u32> {
        ran();
        (n % 2 == 0).then_some(n / 2)
    }
    assert_eq!(counted(|| half(3)), (None, 1));
    assert_eq!(counted(|| half(3)), (None, 0));
    assert_eq!(half_cache().peek((3,)), Some(None));
    assert_eq!(half_cache().peek((5,)), None);
}

#[test]
fn bodies_return_early_as_they_like() {
    #[memoize]
    #[derive(Default)]
    struct Early {}
    #[memoize]
    impl Early {
        #[memoize]
        fn option(&self, text: &str) -> Option<u32> {
            ran();
            let first = text.chars().next()?;
            if first == 'x' {
                return Some(0);
            }
            first.to_digit(10)
        }
        #[memoize]
        fn result(&self, text: &str) -> Result<u32, std::num::ParseIntError> {
            ran();
            if text == "zero" {
                return Ok(0);
            }
            for part in text.split(',') {
                let number: u32 = part.parse()?;
                if number > 10 {
                    return Ok(number);
                }
            }
            text.parse()
        }
        #[memoize]
        async fn later(&self, text: &str) -> Result<u32, std::num::ParseIntError> {
            if text.is_empty() {
                return Ok(0);
            }
            Ok(text.parse::<u32>()? + self.result("1,20").unwrap_or(0))
        }
    }
    let early = Early::default();
    for runs in [1, 0] {
        assert_eq!(counted(|| early.option("")), (None, runs));
        assert_eq!(counted(|| early.option("xyz")), (Some(0), runs));
        assert_eq!(counted(|| early.option("7")), (Some(7), runs));
        assert_eq!(counted(|| early.result("zero")), (Ok(0), runs));
        assert_eq!(counted(|| early.result("1,20,x")), (Ok(20), runs));
        assert_eq!(counted(|| early.result("1,x").is_err()), (true, 1));
        assert_eq!(ready(early.later("")), Ok(0));
        assert_eq!(ready(early.later("2")), Ok(22));
        assert!(ready(early.later("?")).is_err());
    }
    assert_eq!(early.later_cache().len(), 2);
}

#[test]
fn cache_if_decides_what_is_kept() {
    fn is_large(n: &u32) -> bool {
        *n > 10
    }
    mod rules {
        pub struct Rule;
        impl Rule {
            pub fn keeps(result: &Result<u32, super::Failure>) -> bool {
                matches!(result, Ok(n) if *n > 10)
            }
        }
    }
    #[memoize]
    #[derive(Default)]
    struct Filter {
        limit: u32,
    }
    #[memoize]
    impl Filter {
        #[memoize(cache_if = |n| *n > 10)]
        fn closure(&self, n: u32) -> u32 {
            ran();
            n
        }
        #[memoize(cache_if = |n: &u32| *n > 10, capacity = 20, stats)]
        fn typed_closure(&self, n: u32) -> u32 {
            ran();
            n
        }
        #[memoize(scope = "type", unbounded, cache_if = is_large)]
        fn path(n: u32) -> u32 {
            ran();
            n
        }
        #[memoize(cache_if = Self::is_allowed)]
        fn own(&self, n: u32) -> Option<u32> {
            ran();
            Some(n)
        }
        fn is_allowed(n: &Option<u32>) -> bool {
            n.is_some_and(|n| n > 10)
        }
        #[memoize(cache_if = Option::is_some)]
        fn some(&self, n: u32) -> Option<u32> {
            ran();
            (n > 10).then_some(n)
        }
        #[memoize(cache_if = |result| result.as_ref().is_ok_and(|n| *n > 10))]
        fn result(&self, n: u32) -> Result<u32, Failure> {
            ran();
            if n == 0 { Err(Failure(0)) } else { Ok(n) }
        }
        #[memoize(cache_if = rules::Rule::keeps)]
        async fn later(&self, n: u32) -> Result<u32, Failure> {
            ran();
            if n == 0 { Err(Failure(0)) } else { Ok(n) }
        }
        // An `Err` is never kept, whatever is asked for.
        #[memoize(cache_if = |_| true)]
        fn always(&self, n: u32) -> Result<u32, Failure> {
            ran();
            if n > self.limit { Ok(n) } else { Err(Failure(n)) }
        }
        #[memoize(unsync, cache_if = |n| *n > 10)]
        fn cell(&self) -> u32 {
            ran();
            self.limit
        }
    }
    let filter = Filter { limit: 10, ..Default::default() };
    let calls: [&dyn Fn(u32) -> Option<u32>; 8] = [
        &|n| Some(filter.closure(n)),
        &|n| Some(filter.typed_closure(n)),
        &|n| Some(Filter::path(n)),
        &|n| filter.own(n),
        &|n| filter.some(n),
        &|n| filter.result(n).ok(),
        &|n| ready(filter.later(n)).ok(),
        &|n| filter.always(n).ok(),
    ];
    for (index, call) in calls.into_iter().enumerate() {
        assert_eq!(counted(|| call(11)), (Some(11), 1), "{index}");
        assert_eq!(counted(|| call(11)), (Some(11), 0), "{index}");
        for n in [0, 10, 0, 10] {
            assert_eq!(counted(|| call(n)).1, 1, "{index}: {n} is not kept");
        }
    }
    assert_eq!(counted(|| (filter.cell(), filter.cell())), ((10, 10), 2));
    assert!(filter.cell_cache().is_empty());
    assert_eq!(filter.typed_closure_cache().info().misses, Some(5));
}

/// Counts how many of it are alive in the thread; not `Clone`.
#[derive(Debug, PartialEq)]
struct Heavy(u32);
thread_local!(static ALIVE: Cell<u32> = const { Cell::new(0) });
impl Heavy {
    fn new(n: u32) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(n)
    }
}
impl Drop for Heavy {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

mod by_reference {
    use super::*;

    #[memoize]
    #[derive(Default)]
    struct Library {
        offset: u32,
    }

    #[memoize]
    impl Library {
        #[memoize(returns = "ref")]
        fn book(&self, n: u32) -> Heavy {
            ran();
            Heavy::new(n + self.offset)
        }
        #[memoize(returns = "ref")]
        fn index(&self) -> Heavy {
            ran();
            Heavy::new(self.offset)
        }
        #[memoize(returns = "ref")]
        fn checked(&self, n: u32) -> Result<Heavy, Failure> {
            ran();
            if n == 0 { Err(Failure(self.offset)) } else { Ok(Heavy::new(n)) }
        }
        #[memoize(returns = "ref")]
        fn title(&self, name: &str) -> Option<String> {
            ran();
            (!name.is_empty()).then(|| format!("{name} {}", self.offset))
        }
        #[memoize(returns = "ref")]
        fn pinned(self: std::pin::Pin<&Self>, n: u32) -> String {
            ran();
            n.to_string()
        }
        #[memoize(returns = "ref")]
        fn counted(self: &Rc<Self>, n: u32) -> String {
            ran();
            n.to_string()
        }
        #[memoize(returns = "ref", scope = "type", unbounded)]
        fn shared(name: &str) -> Vec<String> {
            ran();
            name.split(' ').map(str::to_owned).collect()
        }
        #[memoize(returns = "ref", scope = "type", unbounded, reads(offset: u32))]
        fn of_state(&self, n: u32) -> Result<String, Failure> {
            ran();
            if n == 0 { Err(Failure(self.offset)) } else { Ok((self.offset + n).to_string()) }
        }
        fn set(&mut self, offset: u32) {
            self.offset = offset;
        }
    }

    #[memoize(unbounded, returns = "ref")]
    fn free(n: u32) -> Box<[u32]> {
        ran();
        (0..n).collect()
    }

    #[memoize(returns = "ref")]
    fn table() -> [u64; 4] {
        ran();
        [1, 2, 3, 4]
    }

    #[test]
    fn results_need_not_be_clone() {
        let library = Library::default();
        let ((one, again), runs) = counted(|| (library.book(1), library.book(1)));
        assert!(std::ptr::eq(one, again));
        assert_eq!((one.0, runs), (1, 1));
        assert!(std::ptr::eq(library.index(), library.index()));
        assert_eq!(library.title("a"), &Some("a 0".to_owned()));
        assert_eq!(counted(|| (library.title(""), library.title(""))), ((&None, &None), 1));
        assert_eq!(library.book_cache().peek((1,)), Some(one));
        assert!(!library.book_cache().insert((1,), Heavy::new(5)), "it is there, and stays");
        assert!(library.book_cache().insert((2,), Heavy::new(5)));
        assert_eq!(library.book(2).0, 5);
        let pinned = std::pin::pin!(Library::default());
        assert!(std::ptr::eq(pinned.as_ref().pinned(1), pinned.as_ref().pinned(1)));
        let rc = Rc::new(Library::default());
        assert!(std::ptr::eq(rc.counted(1), rc.counted(1)));
    }

    #[test]
    fn a_result_gives_a_reference_to_its_ok() {
        let library = Library::default();
        for _ in 0..2 {
            let (result, runs): (Result<&Heavy, Failure>, u32) = counted(|| library.checked(0));
            assert_eq!((result.map(|book| book.0), runs), (Err(Failure(0)), 1));
        }
        for runs in [1, 0] {
            let (result, run) = counted(|| library.checked(3));
            assert_eq!((result.map(|book| book.0), run), (Ok(3), runs));
            let (state, run) = counted(|| library.of_state(7));
            let state: Result<&'static String, Failure> = state;
            assert_eq!((state.map(String::as_str), run), (Ok("7"), runs));
        }
        assert_eq!(library.checked_cache().len(), 1);
    }

    #[test]
    fn type_scope_gives_static_references() {
        let words: &'static Vec<String> = Library::shared(&String::from("a b"));
        assert!(std::ptr::eq(words, Library::shared("a b")));
        assert_eq!(words.len(), 2);
        let list: &'static Box<[u32]> = free(3);
        assert!(std::ptr::eq(list, free(3)));
        let numbers: &'static [u64; 4] = table();
        assert_eq!(counted(|| table().len() == numbers.len()), (true, 0));
        let from_state: Result<&'static String, Failure> = {
            let library = Library { offset: 20, ..Default::default() };
            library.of_state(1)
        };
        assert_eq!(from_state, Ok(&"21".to_owned()));
        assert_eq!(Library::shared_cache().peek(("a b",)), Some(words));
    }

    #[test]
    fn addresses_are_stable_while_the_map_grows() {
        let library = Library::default();
        let books: Vec<&Heavy> = (0..100_000).map(|n| library.book(n)).collect();
        for (n, book) in (0..100_000).zip(books) {
            assert_eq!(book.0, n);
            assert!(std::ptr::eq(book, library.book(n)));
        }
        assert_eq!(library.book_cache().len(), 100_000);
    }

    #[test]
    fn values_are_kept_until_the_instance_is_mutated_or_dropped() {
        let alive = ALIVE.get();
        let mut library = Library::default();
        for n in 1..=100 {
            library.book(n);
            assert!(library.checked(n).is_ok());
        }
        library.index();
        assert_eq!(ALIVE.get() - alive, 201);
        library.set(7);
        assert_eq!(ALIVE.get(), alive);
        assert_eq!(library.book(1).0, 8);
        assert_eq!(ALIVE.get() - alive, 1);
        clear_instance(&mut library);
        assert_eq!(ALIVE.get(), alive);
        library.book(1);
        drop(library);
        assert_eq!(ALIVE.get(), alive);
    }

    #[test]
    fn threads_read_while_others_insert() {
        static BODIES: AtomicU32 = AtomicU32::new(0);
        #[memoize]
        #[derive(Default)]
        struct Shared {}
        #[memoize]
        impl Shared {
            #[memoize(returns = "ref")]
            fn text(&self, n: u32) -> String {
                BODIES.fetch_add(1, Relaxed);
                n.to_string()
            }
            #[memoize(returns = "ref")]
            fn all(&self) -> Vec<u32> {
                (0..1000).collect()
            }
        }
        let shared = Shared::default();
        let references: Vec<Vec<&String>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8u32)
                .map(|thread| {
                    let shared = &shared;
                    scope.spawn(move || {
                        let mut kept = Vec::new();
                        for round in 0..2000 {
                            // Every thread in an order of its own.
                            let n = (round * 7 + thread * 251) % 2000;
                            let text = shared.text(n);
                            assert_eq!(*text, n.to_string());
                            assert_eq!(shared.all().len(), 1000);
                            kept.push((n, text));
                        }
                        kept.sort_unstable_by_key(|(n, _)| *n);
                        kept.into_iter().map(|(_, text)| text).collect()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for thread in &references {
            assert!(
                thread.iter().zip(&references[0]).all(|(one, other)| std::ptr::eq(*one, *other))
            );
        }
        assert_eq!(shared.text_cache().len(), 2000);
        assert!(BODIES.load(Relaxed) >= 2000);
    }

    #[test]
    fn unsync_instances_hand_out_references_too() {
        #[memoize]
        #[derive(Default)]
        struct Local {}
        #[memoize]
        impl Local {
            #[memoize(unsync, returns = "ref")]
            fn list(&self, n: u32) -> Rc<Heavy> {
                Rc::new(Heavy::new(n))
            }
            #[memoize(unsync, returns = "ref")]
            fn once(&self) -> Result<Heavy, Failure> {
                Ok(Heavy::new(0))
            }
        }
        let alive = ALIVE.get();
        let local = Local::default();
        let references: Vec<&Rc<Heavy>> = (0..10_000).map(|n| local.list(n)).collect();
        for (n, rc) in (0..10_000).zip(references) {
            assert_eq!((rc.0, Rc::strong_count(rc)), (n, 1));
        }
        assert!(local.once().is_ok_and(|heavy| std::ptr::eq(heavy, local.once().unwrap())));
        assert_eq!(ALIVE.get() - alive, 10_001);
        drop(local);
        assert_eq!(ALIVE.get(), alive);
    }
}
