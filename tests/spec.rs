//! The program of the specification's first section.
use memo_runtime::memoize;
use std::{thread, time::Duration};

#[memoize] // gives each instance a home for its caches
#[derive(Debug, Clone)]
pub struct SlowAdder {
    delay: Duration,
}

#[memoize] // rewrites the marked methods below
impl SlowAdder {
    pub fn new(delay: Duration) -> Self {
        Self { delay }
    } // literal completed by the attribute

    #[memoize(scope = "instance", capacity = 128)]
    pub fn calculate(&self, terms: &[f64]) -> f64 {
        thread::sleep(self.delay);
        terms.iter().sum()
    }

    #[memoize(scope = "type", unbounded)]
    pub fn answer(seconds: u64) -> u32 {
        thread::sleep(Duration::from_secs(seconds));
        42
    }

    #[memoize(scope = "type", capacity = 1024, reads(delay: Duration))]
    pub fn shared(&self, a: u64) -> u64 {
        thread::sleep(self.delay);
        a * 2
    } // instances of equal delay share

    pub fn set_delay(&mut self, delay: Duration) {
        self.delay = delay;
    } // empties this instance's caches
}

#[memoize(unbounded)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

#[test]
fn the_program_of_section_1() {
    assert_eq!(fib(90), 2_880_067_194_370_816_120);
    assert_eq!(fib_cache().len(), 91);
    let mut adder = SlowAdder::new(Duration::from_millis(1));
    assert_eq!(adder.calculate(&[1.0, 2.0]), 3.0);
    assert!(adder.calculate_cache().contains((&[1.0, 2.0],)));
    assert_eq!(adder.calculate_cache().peek((&[1.0, 2.0],)), Some(3.0));
    assert_eq!(SlowAdder::answer(0), 42);
    assert_eq!(adder.shared(4), 8);
    assert_eq!(SlowAdder::shared_cache().peek((Duration::from_millis(1), 4)), Some(8));
    adder.set_delay(Duration::ZERO);
    assert!(adder.calculate_cache().is_empty());
    println!("{:?} {}", adder.clone(), adder.calculate_cache().info());
}
