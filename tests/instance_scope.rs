//! Contract points 1 and 2 in instance scope: results live in the instance, with it, and no longer.

use std::{
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use memo_runtime::memoize;

/// Counts how often it was dropped.
#[derive(Clone, Default)]
struct Drops(Arc<AtomicUsize>);

impl Drops {
    fn count(&self) -> usize {
        self.0.load(Relaxed)
    }
}

/// A value or key whose drops are counted.
#[derive(Clone)]
struct Counted(u64, Drops);

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.0.fetch_add(1, Relaxed);
    }
}
impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Counted {}
impl std::hash::Hash for Counted {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[memoize]
struct Scale {
    factor: u64,
    drops: Drops,
    #[memoize(untracked)]
    bodies: AtomicUsize,
}

#[memoize]
impl Scale {
    fn new(factor: u64) -> Self {
        Self { factor, drops: Drops::default(), bodies: AtomicUsize::new(0) }
    }

    fn run(&self) {
        self.bodies.fetch_add(1, Relaxed);
    }

    fn ran(&self) -> usize {
        self.bodies.load(Relaxed)
    }

    #[memoize(stats)]
    fn times(&self, n: u64) -> u64 {
        self.run();
        self.factor * n
    }

    #[memoize(capacity = 2, stats)]
    fn bounded(&self, n: u64) -> u64 {
        self.run();
        self.factor * n
    }

    #[memoize]
    fn counted(&self, key: &Counted) -> Counted {
        Counted(self.factor * key.0, self.drops.clone())
    }

    #[memoize(capacity = 3)]
    fn counted_bounded(&self, key: &Counted) -> Counted {
        Counted(self.factor * key.0, self.drops.clone())
    }

    #[memoize]
    fn counted_once(&self) -> Counted {
        Counted(self.factor, self.drops.clone())
    }

    #[memoize(returns = "ref")]
    fn counted_kept(&self, n: u64) -> Counted {
        Counted(self.factor * n, self.drops.clone())
    }

    #[memoize]
    fn by_ref(self: &Self, n: u64) -> u64 {
        self.run();
        self.factor + n
    }
    #[memoize]
    fn by_rc_ref(self: &Rc<Self>, n: u64) -> u64 {
        self.run();
        self.factor + n
    }
    #[memoize]
    fn by_rc(self: Rc<Self>, n: u64) -> u64 {
        self.run();
        let moved = self;
        moved.factor + n
    }
    #[memoize]
    fn by_arc_ref(self: &Arc<Self>, n: u64) -> u64 {
        self.run();
        self.factor + n
    }
    #[memoize]
    fn by_arc(self: Arc<Self>, n: u64) -> u64 {
        self.run();
        drop(self.clone());
        self.factor + n
    }
    #[memoize]
    fn by_pin(self: Pin<&Self>, n: u64) -> u64 {
        self.run();
        self.factor + n
    }
    #[memoize(returns = "ref")]
    fn ref_by_pin(self: Pin<&Self>, n: u64) -> String {
        self.run();
        (self.factor + n).to_string()
    }
}

#[test]
fn second_call_is_a_hit() {
    let scale = Scale::new(3);
    assert_eq!((scale.times(4), scale.times(4), scale.times(5)), (12, 12, 15));
    assert_eq!(scale.ran(), 2);
    assert_eq!(
        scale.times_cache().info().to_string(),
        "hits=1 misses=2 evictions=0 len=2 capacity=unbounded"
    );
}

#[test]
fn instances_do_not_share_entries() {
    let (a, b) = (Scale::new(2), Scale::new(100));
    assert_eq!((a.times(3), b.times(3)), (6, 300));
    assert_eq!((a.ran(), b.ran()), (1, 1));
    assert_eq!(a.times_cache().len(), 1);
    a.times_cache().clear();
    assert_eq!((a.times_cache().len(), b.times_cache().len()), (0, 1));
}

#[test]
fn methods_do_not_share_entries() {
    let scale = Scale::new(2);
    assert_eq!((scale.times(3), scale.bounded(3), scale.by_ref(3)), (6, 6, 5));
    assert_eq!(scale.ran(), 3);
}

#[test]
fn least_recently_used_entry_is_evicted() {
    let scale = Scale::new(1);
    scale.bounded(1);
    scale.bounded(2);
    scale.bounded(1);
    scale.bounded(3);
    let cache = scale.bounded_cache();
    assert!(cache.contains((1,)) && !cache.contains((2,)) && cache.contains((3,)));
    assert_eq!(cache.info().to_string(), "hits=1 misses=3 evictions=1 len=2 capacity=2");
}

#[test]
fn dropping_the_instance_drops_every_key_and_value() {
    let drops = Drops::default();
    let mut scale = Scale::new(2);
    scale.drops = drops.clone();
    for n in 0..10 {
        let key = Counted(n, drops.clone());
        assert_eq!(scale.counted(&key).0, 2 * n);
        assert_eq!(scale.counted_bounded(&key).0, 2 * n);
        assert_eq!(scale.counted_kept(n).0, 2 * n);
    }
    assert_eq!(scale.counted_once().0, 2);
    // 10 keys given, 20 + 1 values returned, 7 pairs evicted.
    assert_eq!(drops.count(), 10 + 21 + 14);
    drop(scale);
    // 10 pairs unbounded, 3 pairs bounded, 10 kept, 1 without a key.
    assert_eq!(drops.count(), 45 + 20 + 6 + 10 + 1);
    assert_eq!(Arc::strong_count(&drops.0), 1);
}

#[test]
fn caches_do_not_keep_the_instance_alive() {
    let scale = Arc::new(Scale::new(2));
    assert_eq!(Arc::clone(&scale).by_arc(1), 3);
    assert_eq!(scale.by_arc_ref(1), 3);
    assert_eq!(Arc::strong_count(&scale), 1);
    let scale = Rc::new(Scale::new(2));
    assert_eq!(Rc::clone(&scale).by_rc(1), 3);
    assert_eq!(Rc::strong_count(&scale), 1);
}

#[test]
fn every_receiver_hits() {
    let scale = Rc::new(Scale::new(5));
    for _ in 0..3 {
        assert_eq!(scale.by_ref(1), 6);
        assert_eq!(scale.by_rc_ref(1), 6);
        assert_eq!(Rc::clone(&scale).by_rc(1), 6);
        assert_eq!(Pin::new(&*scale).by_pin(1), 6);
        assert_eq!(Pin::new(&*scale).ref_by_pin(1), "6");
    }
    assert_eq!(scale.ran(), 5);
    let scale = Arc::new(Scale::new(5));
    for _ in 0..3 {
        assert_eq!(scale.by_arc_ref(1), 6);
        assert_eq!(Arc::clone(&scale).by_arc(1), 6);
    }
    assert_eq!(scale.ran(), 2);
}

#[test]
fn accessor_looks_up_inserts_and_forgets() {
    let scale = Scale::new(2);
    let cache = scale.times_cache();
    assert!(cache.is_empty());
    assert_eq!(cache.capacity(), None);
    cache.insert((7,), 1);
    assert!(cache.contains((7,)));
    assert_eq!((cache.peek((7,)), cache.peek((8,))), (Some(1), None));
    assert_eq!(scale.times(7), 1);
    cache.insert((7,), 2);
    assert_eq!(scale.times(7), 2);
    assert!(cache.remove((7,)));
    assert!(!cache.remove((7,)));
    assert_eq!(scale.times(7), 14);
    cache.clear();
    assert_eq!(cache.info().to_string(), "hits=0 misses=0 evictions=0 len=0 capacity=unbounded");
    assert_eq!(scale.bounded_cache().capacity(), Some(2));
}

#[test]
fn kept_references_outlive_later_calls() {
    let scale = Scale::new(3);
    let first = scale.counted_kept(1);
    let others: Vec<&Counted> = (2..1000).map(|n| scale.counted_kept(n)).collect();
    assert_eq!((first.0, others[997].0), (3, 2997));
    assert!(std::ptr::eq(first, scale.counted_kept(1)));
    assert_eq!(scale.drops.count(), 0);
    let cache = scale.counted_kept_cache();
    assert!(std::ptr::eq(first, cache.peek((1,)).unwrap()));
    assert!(!cache.insert((1,), Counted(0, scale.drops.clone())));
    assert!(cache.insert((5000,), Counted(0, scale.drops.clone())));
    assert_eq!(scale.counted_kept(5000).0, 0);
}
