//! The story that memo exists for: a slow method, its cache in the instance, and the instance gone when it should be.
//!
//! Run it with `cargo run --example slow_adder`. It checks itself.

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use memo_runtime::memoize;

static DROPPED: AtomicUsize = AtomicUsize::new(0);

#[memoize]
#[derive(Debug, Clone)]
struct SlowAdder {
    delay: Duration,
}

#[memoize]
impl SlowAdder {
    fn new(delay: Duration) -> Self {
        Self { delay }
    }

    /// Each instance has a cache of its own, for at most 128 lists of terms.
    #[memoize(capacity = 128, stats)]
    fn calculate(&self, terms: &[f64]) -> f64 {
        thread::sleep(self.delay);
        terms.iter().sum()
    }

    /// One cache for the type.
    #[memoize(scope = "type", unbounded)]
    fn answer(milliseconds: u64) -> u32 {
        thread::sleep(Duration::from_millis(milliseconds));
        42
    }

    /// One cache for the type, in which instances of equal delay share.
    #[memoize(scope = "type", capacity = 1024, reads(delay: Duration))]
    fn shared(&self, a: u64) -> u64 {
        thread::sleep(self.delay);
        a * 2
    }

    /// Empties the caches of this instance.
    fn set_delay(&mut self, delay: Duration) {
        self.delay = delay;
    }
}

impl Drop for SlowAdder {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Relaxed);
        println!("   (an adder with a delay of {:?} is dropped)", self.delay);
    }
}

/// Runs `work`, tells how long it took, and returns both.
fn timed<R: std::fmt::Debug>(what: &str, work: impl FnOnce() -> R) -> (R, Duration) {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    println!("   {what} = {result:?} in {took:.1?}");
    (result, took)
}

fn main() {
    let delay = Duration::from_millis(200);

    println!("1. The second call with equal arguments is a hit:");
    let mut adder = SlowAdder::new(delay);
    let (sum, took) = timed("calculate([1, 2, 3.5])", || adder.calculate(&[1.0, 2.0, 3.5]));
    assert_eq!(sum, 6.5);
    assert!(took >= delay);
    let (sum, _) = timed("calculate([1, 2, 3.5])", || adder.calculate(&[1.0, 2.0, 3.5]));
    assert_eq!(sum, 6.5);
    println!("   {}", adder.calculate_cache().info());
    assert_eq!(adder.calculate_cache().info().hits, Some(1));

    println!("2. Another instance of equal state has a cache of its own:");
    let other = adder.clone();
    timed("other.calculate([1, 2, 3.5])", || other.calculate(&[1.0, 2.0, 3.5]));
    println!("   this:  {}", adder.calculate_cache().info());
    println!("   other: {}", other.calculate_cache().info());
    assert_eq!(other.calculate_cache().info().misses, Some(1));

    println!("3. An instance with a full cache is dropped at once when it goes out of scope:");
    let dropped = DROPPED.load(Relaxed);
    drop(other);
    assert_eq!(DROPPED.load(Relaxed), dropped + 1);

    println!("4. A type-scoped function has one cache for all instances:");
    timed("SlowAdder::answer(200)", || SlowAdder::answer(200));
    timed("SlowAdder::answer(200)", || SlowAdder::answer(200));
    println!("   {}", SlowAdder::answer_cache().info());
    assert_eq!(SlowAdder::answer_cache().len(), 1);

    println!("5. With `reads(delay: Duration)` instances of equal delay share their results:");
    timed("adder.shared(21)", || adder.shared(21));
    let twin = SlowAdder::new(delay);
    timed("twin.shared(21)", || twin.shared(21));
    assert!(SlowAdder::shared_cache().contains((delay, 21)));
    assert_eq!(SlowAdder::shared_cache().len(), 1);

    println!("6. A setter forgets what was computed from its field:");
    adder.set_delay(Duration::from_millis(50));
    println!("   {}", adder.calculate_cache().info());
    assert!(adder.calculate_cache().is_empty());
    timed("calculate([1, 2, 3.5])", || adder.calculate(&[1.0, 2.0, 3.5]));

    println!("7. The rest goes, and with it every cached key and value:");
}
