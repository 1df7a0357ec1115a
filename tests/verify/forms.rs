//! Each form of call finds a difference, and none where there is none.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, Waker},
    thread,
};

use memo_runtime::memoize;

use crate::finds;

/// A state that nobody sees.
#[derive(Clone)]
struct World(Arc<AtomicU64>);

#[memoize]
struct All {
    #[memoize(unchecked)]
    world: World,
}

trait Doubled {
    fn doubled(&self, n: u64) -> u64;
}

#[memoize]
impl All {
    fn new() -> Self {
        Self { world: World(Arc::new(AtomicU64::new(1))) }
    }
    fn get(&self) -> u64 {
        self.world.0.load(Relaxed)
    }
    #[memoize]
    fn once(&self) -> u64 {
        self.get()
    }
    #[memoize]
    fn map(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize(capacity = 2)]
    fn lru(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize(capacity = 2, policy = "sieve", stats)]
    fn sieve(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize]
    fn large(&self, n: u64) -> [u64; 32] {
        [self.get() + n; 32]
    }
    #[memoize(returns = "ref")]
    fn lent(&self, n: u64) -> String {
        (self.get() + n).to_string()
    }
    #[memoize(returns = "ref")]
    fn lent_once(&self) -> Result<u64, ()> {
        Ok(self.get())
    }
    #[memoize]
    async fn later(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize(returns = "ref")]
    async fn lent_later(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize(verify = false)]
    fn left_out(&self) -> u64 {
        self.get()
    }
    #[memoize(single_flight, capacity = 2)]
    fn single(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize(single_flight, returns = "ref")]
    fn single_lent(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize(single_flight)]
    async fn single_later(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize(ttl = "1h")]
    fn while_good(&self) -> u64 {
        self.get()
    }
    #[memoize(single_flight, ttl = "1h")]
    fn single_while_good(&self, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize]
    fn counted(self: Arc<Self>, n: u64) -> u64 {
        self.get() + n
    }
    #[memoize]
    fn pinned(self: Pin<&Self>, n: u64) -> u64 {
        self.get() + n
    }
}

#[memoize(block = "trait")]
impl Doubled for Named {
    #[memoize]
    fn doubled(&self, n: u64) -> u64 {
        self.world.0.load(Relaxed) * n
    }
}

#[memoize(blocks("trait"))]
struct Named {
    #[memoize(unchecked)]
    world: World,
}

#[memoize]
impl Named {
    #[memoize]
    fn tripled(&self) -> u64 {
        self.world.0.load(Relaxed) * 3
    }
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it has nothing to wait for"),
    }
}

#[test]
fn calls_of_an_instance() {
    type Call = fn(&Arc<All>);
    let all = Arc::new(All::new());
    let calls: [(&str, Call); 14] = [
        ("once", |all| _ = all.once()),
        ("map", |all| _ = all.map(1)),
        ("lru", |all| _ = all.lru(1)),
        ("sieve", |all| _ = all.sieve(1)),
        ("large", |all| _ = all.large(1)),
        ("lent", |all| _ = all.lent(1)),
        ("lent_once", |all| _ = all.lent_once()),
        ("later", |all| _ = ready(all.later(1))),
        ("lent_later", |all| _ = ready(all.lent_later(1))),
        ("single", |all| _ = all.single(1)),
        ("single_lent", |all| _ = all.single_lent(1)),
        ("single_later", |all| _ = ready(all.single_later(1))),
        ("counted", |all| _ = Arc::clone(all).counted(1)),
        ("pinned", |all| _ = Pin::new(&**all).pinned(1)),
    ];
    all.left_out();
    all.while_good();
    all.single_while_good(1);
    for (name, call) in calls {
        let name = format!("All::{name}");
        for _ in 0..3 {
            assert!(!finds(&name, || call(&all)), "{name}");
        }
        all.world.0.fetch_add(1, Relaxed);
        assert!(finds(&name, || call(&all)), "{name}");
        assert!(finds(&name, || call(&all)), "{name}, again");
    }
    assert_eq!((all.left_out(), all.while_good(), all.single_while_good(1)), (1, 1, 2));
    assert_eq!(all.map_cache().peek((1,)), Some(2 + 1));
}

#[test]
fn calls_of_a_trait_and_of_a_named_block() {
    let world = World(Arc::new(AtomicU64::new(1)));
    let named = Named { world: world.clone(), memo: Default::default() };
    assert_eq!((named.doubled(2), named.tripled()), (2, 3));
    world.0.store(2, Relaxed);
    assert!(finds("Named::doubled", || named.doubled(2)));
    assert!(finds("Named::tripled", || named.tripled()));
}

thread_local! {
    static LOCAL: Cell<u64> = const { Cell::new(1) };
}

struct Kind<T>(T);

#[memoize]
impl<T: 'static> Kind<T> {
    #[memoize(scope = "type", unbounded)]
    fn shared(n: u64) -> u64 {
        LOCAL.get() + n
    }
    #[memoize(scope = "type", capacity = 2, unsync)]
    fn local(n: u64) -> u64 {
        LOCAL.get() + n
    }
    #[memoize(scope = "type", unbounded, returns = "ref")]
    fn lent(n: u64) -> String {
        (LOCAL.get() + n).to_string()
    }
}

#[memoize(capacity = 2, unsync)]
fn local(n: u64) -> Rc<u64> {
    Rc::new(LOCAL.get() + n)
}

#[memoize(unbounded, unsync)]
async fn local_later(n: u64) -> Rc<u64> {
    Rc::new(LOCAL.get() + n)
}

#[test]
fn calls_of_a_type() {
    let kind = Kind(1_u8);
    let calls: [(&str, fn()); 5] = [
        ("Kind::shared", || _ = Kind::<u8>::shared(1)),
        ("Kind::local", || _ = Kind::<u8>::local(1)),
        ("Kind::lent", || _ = Kind::<u8>::lent(1)),
        ("local", || _ = local(1)),
        ("local_later", || _ = ready(local_later(1))),
    ];
    for (name, call) in calls {
        LOCAL.set(u64::from(kind.0));
        for _ in 0..2 {
            assert!(!finds(name, call), "{name}");
        }
        LOCAL.set(2);
        assert!(finds(name, call), "{name}");
    }
}

#[test]
fn futures_stay_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let all = All::new();
    assert_eq!(ready(is_send(all.later(1))), 2);
    assert_eq!(ready(is_send(all.lent_later(1))), &2);
    assert_eq!(ready(is_send(all.single_later(1))), 2);
    // The cached value is not `Send`, and is not held across an await.
    assert_eq!(*ready(is_send(local_later(7))), 8);
}

#[memoize]
struct Slow {
    #[memoize(unchecked)]
    waits: Cell<u64>,
    #[memoize(unchecked)]
    order: RefCell<Vec<u64>>,
}

/// Pending once.
async fn yield_once() {
    let mut is_done = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut is_done, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[memoize]
impl Slow {
    #[memoize]
    async fn outer(&self, n: u64) -> u64 {
        let first = self.inner(n).await;
        yield_once().await;
        first + self.inner(n + 1).await + self.waits.get()
    }
    #[memoize]
    async fn inner(&self, n: u64) -> u64 {
        self.order.borrow_mut().push(n);
        yield_once().await;
        n
    }
}

fn poll<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn finish<F: Future>(future: F) -> F::Output {
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(output) = poll(&mut future) {
            return output;
        }
    }
}

#[test]
fn futures_that_wait_are_verified_and_may_be_dropped() {
    let slow = Slow { waits: Cell::new(0), order: RefCell::default(), memo: Default::default() };
    assert_eq!(finish(slow.outer(1)), 3);
    assert_eq!(slow.order.take(), [1, 2]);
    assert_eq!(finish(slow.outer(1)), 3);
    assert_eq!(slow.order.take(), []);
    // A verification that is dropped halfway leaves nothing behind: what comes then is verified.
    let mut halfway = Box::pin(slow.outer(1));
    assert!(poll(&mut halfway).is_pending());
    // Nor is what another task does meanwhile taken for a part of it.
    assert_eq!(finish(slow.inner(1)), 1);
    assert_eq!(slow.order.take(), [1]);
    drop(halfway);
    assert_eq!(finish(slow.inner(1)), 1);
    assert_eq!(slow.order.take(), [1]);
    slow.waits.set(1);
    assert!(finds("Slow::outer", || finish(slow.outer(1))));
    // What was forgotten meanwhile is computed.
    slow.waits.set(0);
    let mut halfway = Box::pin(slow.outer(1));
    assert!(poll(&mut halfway).is_pending());
    slow.outer_cache().clear();
    slow.waits.set(5);
    assert_eq!(finish(halfway), 8);
}

#[memoize]
struct Program {
    #[memoize(unchecked)]
    bodies: Cell<u64>,
}

#[memoize]
impl Program {
    #[memoize]
    async fn paths(&self, n: u64) -> u64 {
        self.bodies.set(self.bodies.get() + 1);
        if n < 2 {
            1
        } else {
            Box::pin(self.paths(n - 1)).await + Box::pin(self.paths(n - 2)).await
        }
    }
}

#[test]
fn a_dynamic_program_of_futures_stays_linear() {
    let program = Program { bodies: Cell::new(0), memo: Default::default() };
    let paths = ready(program.paths(40));
    assert_eq!(program.bodies.take(), 41 + 38);
    assert_eq!(ready(program.paths(40)), paths);
    assert_eq!(program.bodies.take(), 1);
    for n in 0..40 {
        program.paths_cache().remove((n,));
    }
    assert_eq!(ready(program.paths(40)), paths);
    assert_eq!((program.bodies.take(), program.paths_cache().len()), (41, 1));
}

#[test]
fn threads_verify_each_for_themselves() {
    let all = All::new();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..200 {
                    assert_eq!(all.map(round % 3), 1 + round % 3);
                    assert_eq!(all.lru(round % 3), 1 + round % 3);
                    assert_eq!(all.lent(round % 3), &(1 + round % 3).to_string());
                }
            });
        }
    });
    all.world.0.store(2, Relaxed);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(finds("All::map", || all.map(1))));
        }
    });
}

#[memoize]
struct Changing {
    factor: u64,
    #[memoize(unchecked)]
    bodies: Cell<u64>,
}

#[memoize]
impl Changing {
    #[memoize]
    fn sum(&self, n: u64) -> u64 {
        self.bodies.set(self.bodies.get() + 1);
        self.factor * n + if n == 0 { 0 } else { self.sum(n - 1) + self.sum(n / 2) }
    }
    fn grow(&mut self) -> (u64, u64) {
        self.factor += 1;
        let before = self.sum(20);
        self.factor += 1;
        (before, self.sum(20))
    }
}

#[test]
fn calls_inside_a_mutating_method_are_verified() {
    let plain = |factor| {
        let new = Changing { factor, bodies: Cell::new(0), memo: Default::default() };
        new.sum(20)
    };
    let mut changing = Changing { factor: 1, bodies: Cell::new(0), memo: Default::default() };
    assert_eq!(changing.grow(), (plain(2), plain(3)));
    // Twice 21 bodies, and one more for each hit in them.
    assert!(changing.bodies.get() <= 2 * 21 * 3, "{}", changing.bodies.get());
    assert_eq!(changing.sum(20), plain(3));
}

/// A global that the body reads.
static WORLD: AtomicU64 = AtomicU64::new(1);

#[memoize(engine = moka::sync::Cache::new(10))]
fn in_engine(n: u64) -> u64 {
    if n == 0 { WORLD.load(Relaxed) } else { in_engine(n - 1) + 1 }
}

#[test]
fn entries_in_an_engine() {
    assert_eq!(in_engine(3), 4);
    assert_eq!(in_engine(3), 4);
    WORLD.store(2, Relaxed);
    assert!(finds("in_engine", || in_engine(0)));
}
