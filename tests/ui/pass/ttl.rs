//! Names in `ttl` that only look like arguments.

use memo_runtime::memoize;
use std::time::Duration;

const AGE: Duration = Duration::from_secs(1);

#[memoize(unbounded, ttl = |rate| Duration::from_secs_f64(*rate))]
fn of_the_value(rate: &str) -> f64 {
    rate.len() as f64
}

#[memoize(unbounded, ttl = |rate: &f64| if *rate > 1.0 { AGE } else { Duration::ZERO })]
fn annotated(rate: &str) -> f64 {
    rate.len() as f64
}

#[memoize(unbounded, ttl = { let age = 2; AGE * age })]
fn of_a_block(age: u32) -> u32 {
    age
}

#[derive(Clone)]
struct Seconds(u64);

impl Seconds {
    fn age(&self) -> Duration {
        Duration::from_secs(self.0)
    }
}

#[memoize(unbounded, ttl = Seconds::age)]
fn of_a_path(age: &str) -> Seconds {
    Seconds(age.len() as u64)
}

macro_rules! of_a_macro {
    ($name:ident, $ttl:expr) => {
        #[memoize(unbounded, ttl = $ttl)]
        fn $name(n: u64) -> u64 {
            n
        }
    };
}
of_a_macro!(literal, "2m");
of_a_macro!(sum, AGE + AGE);
of_a_macro!(closure, |n| Duration::from_secs(*n));

fn main() {
    of_the_value("a");
    annotated("a");
    of_a_block(1);
    of_a_path("a");
    literal(1);
    sum(1);
    closure(1);
}
