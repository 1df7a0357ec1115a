//! The caches of a process as metrics: what `memo_runtime::caches()` lists goes to the crate `metrics`, from where any exporter takes it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use memo_runtime::{caches, memoize};
use metrics::{
    Counter, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit, gauge,
};

#[memoize(capacity = 100, stats)]
fn square(n: u64) -> u64 {
    n * n
}

#[memoize(engine = quick_cache::sync::Cache::new(50), stats)]
fn cube(n: u64) -> u64 {
    n.pow(3)
}

/// A service calls this now and then, before its metrics are fetched.
#[allow(clippy::cast_precision_loss, reason = "a gauge is a float")]
fn record_caches() {
    for cache in caches() {
        let info = cache.info();
        let figures = [
            ("memo_hits", info.hits),
            ("memo_misses", info.misses),
            ("memo_evictions", info.evictions),
            ("memo_errors", info.errors),
            ("memo_entries", info.len.map(|len| len as u64)),
        ];
        for (name, figure) in figures {
            if let Some(figure) = figure {
                gauge!(name, "cache" => cache.name()).set(figure as f64);
            }
        }
    }
}

/// Stands for an exporter: keeps what was recorded last, to be printed.
#[derive(Default, Clone)]
struct Board(Arc<Mutex<BTreeMap<String, f64>>>);

struct Line(Board, String);

impl GaugeFn for Line {
    fn increment(&self, _by: f64) {}
    fn decrement(&self, _by: f64) {}
    fn set(&self, value: f64) {
        self.0.0.lock().expect("nobody panics").insert(self.1.clone(), value);
    }
}

impl Recorder for Board {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        let labels: Vec<_> = key.labels().map(|label| label.value().to_owned()).collect();
        let name = format!("{}{{cache=\"{}\"}}", key.name(), labels.join(", "));
        Gauge::from_arc(Arc::new(Line(self.clone(), name)))
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

fn main() {
    let board = Board::default();
    metrics::set_global_recorder(board.clone()).expect("there is no other recorder");
    for n in (0..110).chain(20..100) {
        square(n % 110);
        cube(n % 10);
    }
    record_caches();
    for (name, value) in board.0.lock().expect("nobody panics").iter() {
        println!("{name} {value}");
    }
}
