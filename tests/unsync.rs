//! `unsync`: no locks, no atomics, results that stay on their thread; and borrow rules that never panic.

use memo_runtime::memoize;
use std::{
    cell::{Cell, RefCell},
    hash::{Hash, Hasher},
    marker::PhantomData,
    rc::Rc,
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

/// Whether a type has an auto trait: its own constant comes before that of the trait.
macro_rules! has {
    ($ty:ty: $bound:ident) => {{
        struct Probe<T: ?Sized>(PhantomData<T>);
        #[allow(dead_code)]
        trait Otherwise {
            const HAS: bool = false;
        }
        impl<T: ?Sized> Otherwise for Probe<T> {}
        #[allow(dead_code)]
        impl<T: ?Sized + $bound> Probe<T> {
            const HAS: bool = true;
        }
        <Probe<$ty>>::HAS
    }};
}

#[memoize]
#[derive(Default)]
struct Graph {
    offset: u32,
}

#[memoize]
impl Graph {
    #[memoize(unsync)]
    fn shared(&self, n: u32) -> Rc<RefCell<u32>> {
        ran();
        Rc::new(RefCell::new(n + self.offset))
    }
    #[memoize(unsync, capacity = 2, stats)]
    fn recent(&self, name: &str) -> Rc<str> {
        ran();
        Rc::from(name)
    }
    #[memoize(unsync, stats)]
    fn once(&self) -> Result<Rc<Cell<u32>>, Rc<str>> {
        ran();
        if self.offset == 0 { Err(Rc::from("zero")) } else { Ok(Rc::new(Cell::new(self.offset))) }
    }
    #[memoize(unsync, returns = "ref")]
    fn kept(&self, n: u32) -> RefCell<Vec<u32>> {
        ran();
        RefCell::new(vec![n])
    }
    #[memoize(unsync)]
    fn key(&self, rc: Rc<u32>, list: &Rc<Vec<u32>>) -> usize {
        ran();
        *rc as usize + list.len()
    }
    #[memoize(unsync)]
    async fn later(&self, n: u32) -> Rc<u32> {
        ran();
        Rc::new(n + self.offset)
    }
    fn set(&mut self, offset: u32) {
        self.offset = offset;
    }
}

#[test]
fn results_may_be_bound_to_their_thread() {
    let mut graph = Graph::default();
    let (shared, runs) = counted(|| graph.shared(1));
    *shared.borrow_mut() += 1;
    assert_eq!((runs, counted(|| *graph.shared(1).borrow())), (1, (2, 0)));
    assert_eq!(Rc::strong_count(&shared), 2);
    assert_eq!(counted(|| graph.once().is_err()), (true, 1));
    assert_eq!(counted(|| graph.once().is_err()), (true, 1));
    graph.set(5);
    assert_eq!(Rc::strong_count(&shared), 1, "what an instance cached goes when it changes");
    assert_eq!(counted(|| graph.once().map(|cell| cell.get())), (Ok(5), 1));
    assert_eq!(counted(|| graph.once().map(|cell| cell.get())), (Ok(5), 0));
    graph.kept(1).borrow_mut().push(7);
    assert_eq!(counted(|| graph.kept(1).borrow().len()), (2, 0));
    let list = Rc::new(vec![1, 2]);
    for runs in [1, 0] {
        let mut later = std::pin::pin!(graph.later(1));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let (result, run) = counted(|| later.as_mut().poll(&mut context));
        assert_eq!((result, run), (std::task::Poll::Ready(Rc::new(6)), runs));
    }
    for runs in [1, 0] {
        assert_eq!(counted(|| graph.key(Rc::new(3), &list)), (5, runs));
    }
    for name in ["a", "b", "a", "c", "a", "b"] {
        assert_eq!(&*graph.recent(name), name);
    }
    let info = graph.recent_cache().info().to_string();
    assert_eq!(info, "hits=2 misses=4 evictions=2 len=2 capacity=2");
    let kept = graph.shared(9);
    drop(graph);
    assert_eq!(Rc::strong_count(&kept), 1);
}

#[test]
fn a_struct_is_not_sync_but_send_where_its_caches_are() {
    #[memoize]
    #[derive(Default)]
    struct Sendable {}
    #[memoize]
    impl Sendable {
        #[memoize(unsync)]
        fn map(&self, text: &str) -> String {
            ran();
            text.to_owned()
        }
        #[memoize(unsync, capacity = 2)]
        fn lru(&self, text: String) -> Vec<f64> {
            ran();
            vec![0.0; text.len()]
        }
        #[memoize(unsync)]
        fn once(&self) -> Cell<u32> {
            ran();
            Cell::new(1)
        }
        #[memoize(unsync, returns = "ref")]
        fn kept(&self, n: u32) -> RefCell<u32> {
            ran();
            RefCell::new(n)
        }
    }
    #[memoize]
    #[derive(Default)]
    struct Synced {}
    #[memoize]
    impl Synced {
        #[memoize]
        fn map(&self, text: &str) -> String {
            text.to_owned()
        }
    }
    #[memoize]
    #[derive(Default)]
    struct Local {}
    #[memoize]
    impl Local {
        #[memoize]
        fn map(&self, text: &str) -> Rc<str> {
            Rc::from(text)
        }
    }
    assert!(has!(Sendable: Send) && !has!(Sendable: Sync));
    assert!(has!(Synced: Send) && has!(Synced: Sync));
    assert!(!has!(Local: Send) && !has!(Local: Sync));
    assert!(!has!(Graph: Send) && !has!(Graph: Sync));
    assert_eq!(Synced::default().map("a").len() + Local::default().map("a").len(), 2);

    // The caches go to another thread with their instance.
    let sendable = Sendable::default();
    sendable.map("a");
    sendable.lru("b".to_owned());
    sendable.once();
    let address = std::ptr::from_ref(sendable.kept(1)).addr();
    let (lengths, runs) = thread::spawn(move || {
        counted(|| {
            assert_eq!(std::ptr::from_ref(sendable.kept(1)).addr(), address);
            sendable.map("a").len()
                + sendable.lru("b".to_owned()).len()
                + sendable.once().take() as usize
        })
    })
    .join()
    .unwrap();
    assert_eq!((lengths, runs), (3, 0));
}

#[test]
fn type_scope_is_a_cache_for_each_thread() {
    struct Table<T>(PhantomData<T>);
    #[memoize]
    impl<T: 'static> Table<T> {
        #[memoize(scope = "type", unbounded, unsync)]
        fn generic(n: u32) -> Rc<(u32, &'static str)> {
            ran();
            Rc::new((n, std::any::type_name::<T>()))
        }
        #[memoize(scope = "type", unsync, stats)]
        fn once() -> Rc<usize> {
            ran();
            Rc::new(size_of::<T>())
        }
    }
    struct Plain;
    #[memoize]
    impl Plain {
        #[memoize(scope = "type", capacity = 2, unsync)]
        fn bounded(n: u32) -> Rc<u32> {
            ran();
            Rc::new(n)
        }
    }
    #[memoize(unbounded, unsync)]
    fn free(text: &str) -> Rc<str> {
        ran();
        Rc::from(text)
    }

    fn in_this_thread() {
        for runs in [1, 0] {
            assert_eq!(counted(|| *Table::<u8>::generic(1)), ((1, "u8"), runs));
            assert_eq!(counted(|| *Table::<u64>::generic(1)), ((1, "u64"), runs));
            assert_eq!(counted(|| *Table::<u8>::once()), (1, runs));
            assert_eq!(counted(|| *Table::<u64>::once()), (8, runs));
            assert_eq!(counted(|| *Plain::bounded(1)), (1, runs));
            assert_eq!(counted(|| free("a")), (Rc::from("a"), runs));
        }
        assert_eq!(Table::<u8>::once_cache().info().hits, Some(1));
        assert_eq!(Table::<u8>::generic_cache().peek((1,)), Some(Rc::new((1, "u8"))));
    }
    in_this_thread();
    thread::spawn(in_this_thread).join().unwrap();
    thread::spawn(|| {
        in_this_thread();
        Table::<u8>::generic_cache().clear();
        Plain::bounded_cache().clear();
        assert!(free_cache().remove(("a",)));
    })
    .join()
    .unwrap();
    assert_eq!((Table::<u8>::generic_cache().len(), Plain::bounded_cache().len()), (1, 1));
    assert_eq!(counted(|| free("a").len()), (1, 0));
    let _ = (Table(PhantomData::<u8>).0, Plain);
}

#[test]
fn a_thread_that_ends_drops_its_cache_and_may_still_call() {
    /// Calls the cached function from the destructor of a thread-local.
    struct AtExit;
    impl Drop for AtExit {
        fn drop(&mut self) {
            assert_eq!((*last(1), *Generic::<u8>::last(1)), (1, 1));
        }
    }
    thread_local!(static AT_EXIT: AtExit = const { AtExit });
    struct Generic<T>(PhantomData<T>);
    #[memoize]
    impl<T: 'static> Generic<T> {
        #[memoize(scope = "type", unbounded, unsync)]
        fn last(n: u32) -> Rc<u32> {
            Rc::new(n)
        }
    }
    #[memoize(unbounded, unsync)]
    fn last(n: u32) -> Rc<u32> {
        Rc::new(n)
    }
    for before in [true, false] {
        thread::spawn(move || {
            // Thread-locals go in the order of their first use, or the other way round.
            if before {
                AT_EXIT.with(|_| ());
            }
            let _ = (last(1), Generic::<u8>::last(1), last_cache().len());
            AT_EXIT.with(|_| ());
        })
        .join()
        .unwrap();
    }
    let _ = Generic(PhantomData::<u8>).0;
}

/// A key and a value whose every operation calls the cache that they are in.
#[derive(Debug)]
struct Meddler<'a> {
    n: u32,
    host: Option<&'a Host<'a>>,
}

thread_local!(static DEPTH: Cell<u32> = const { Cell::new(0) });

impl Meddler<'_> {
    fn meddle(&self) {
        let Some(host) = self.host else { return };
        if DEPTH.get() > 0 {
            return;
        }
        DEPTH.set(1);
        for n in 100..103 {
            assert_eq!(host.map(Meddler { n, host: None }).n, n);
            assert_eq!(host.lru(Meddler { n, host: None }).n, n);
            assert_eq!(host.kept(Meddler { n, host: None }).n, n);
        }
        host.map_cache().remove((Meddler { n: 100, host: None },));
        host.lru_cache().insert((Meddler { n: 100, host: None },), Meddler { n: 100, host: None });
        assert_eq!(host.once().n, 7);
        assert!(host.map_cache().len() < 1000);
        DEPTH.set(0);
    }
}
impl Clone for Meddler<'_> {
    fn clone(&self) -> Self {
        self.meddle();
        Self { n: self.n, host: self.host }
    }
}
impl PartialEq for Meddler<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.meddle();
        self.n == other.n
    }
}
impl Eq for Meddler<'_> {}
impl Hash for Meddler<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.meddle();
        (self.n % 3).hash(state);
    }
}

#[memoize]
#[derive(Default)]
struct Host<'a> {
    owner: PhantomData<&'a ()>,
}

impl std::fmt::Debug for Host<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Host")
    }
}

#[memoize]
impl<'a> Host<'a> {
    #[memoize(unsync)]
    fn map(&self, key: Meddler<'a>) -> Meddler<'a> {
        key
    }
    #[memoize(unsync, capacity = 3)]
    fn lru(&self, key: Meddler<'a>) -> Meddler<'a> {
        key
    }
    #[memoize(unsync, returns = "ref")]
    fn kept(&self, key: Meddler<'a>) -> Meddler<'a> {
        key
    }
    #[memoize(unsync)]
    fn once(&self) -> Meddler<'a> {
        Meddler { n: 7, host: None }
    }
}

#[test]
fn borrow_rules_never_panic_under_re_entrance() {
    // The keys borrow the instance that caches them, so it must not be dropped before them.
    let host: &'static Host<'static> = Box::leak(Box::default());
    for round in 0..3 {
        for n in 0..10 {
            let meddler = || Meddler { n, host: Some(host) };
            assert_eq!(host.map(meddler()).n, n, "{round}");
            assert_eq!(host.lru(meddler()).n, n, "{round}");
            assert_eq!(host.kept(meddler()).n, n, "{round}");
            assert_eq!(
                host.map_cache().contains((meddler(),)),
                host.map_cache().peek((meddler(),)).is_some()
            );
            host.lru_cache().remove((meddler(),));
            assert!(host.lru_cache().len() <= 3);
        }
        host.map_cache().clear();
    }
}

#[test]
fn bodies_may_recurse() {
    #[memoize]
    #[derive(Default)]
    struct Paths {}
    #[memoize]
    impl Paths {
        #[memoize(unsync)]
        fn map(&self, x: u32, y: u32) -> Rc<u64> {
            ran();
            if x == 0 || y == 0 {
                Rc::new(1)
            } else {
                Rc::new(*self.map(x - 1, y) + *self.map(x, y - 1))
            }
        }
        #[memoize(unsync, capacity = 4)]
        fn lru(&self, n: u32) -> u32 {
            if n == 0 { 0 } else { self.lru(n - 1) + 1 }
        }
        #[memoize(unsync, returns = "ref")]
        fn kept(&self, n: u32) -> Vec<u32> {
            ran();
            if n == 0 { Vec::new() } else { self.kept(n - 1).iter().copied().chain([n]).collect() }
        }
    }
    let paths = Paths::default();
    assert_eq!(counted(|| *paths.map(16, 16)), (601_080_390, 288));
    assert_eq!(paths.lru(1000), 1000);
    assert_eq!(paths.lru_cache().len(), 4);
    assert_eq!(counted(|| paths.kept(100).len()), (100, 101));
}
