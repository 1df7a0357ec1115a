//! A service that asks a bank for rates: what it is told is good for half a minute, and many threads that want the same rate ask once.
//!
//! The examples are built with the feature `mock-clock`, so that this one need not wait: time moves when it is told to. Run it with
//! `cargo run --example exchange_rates`. It checks itself.

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    thread,
    time::Duration,
};

use memo_runtime::{clock, memoize};

/// How often the bank was asked.
static ASKED: AtomicU32 = AtomicU32::new(0);

#[derive(Debug, PartialEq)]
struct RateError(String);

/// Stands for a bank, which takes its time, and does not know every currency.
fn ask(from: &str, to: &str) -> Result<f64, RateError> {
    thread::sleep(Duration::from_millis(50));
    let number = ASKED.fetch_add(1, Relaxed);
    match (from, to) {
        ("EUR", "USD") => Ok(1.1 + f64::from(number) / 1_000.0),
        ("EUR", "CHF") => Ok(0.9),
        _ => Err(RateError(format!("no rate from {from} to {to}"))),
    }
}

/// One cache for the process. Who finds a rate that is too old, or none, asks; whoever wants the same meanwhile waits for the answer.
#[memoize(capacity = 1_000, ttl = "30s", single_flight, stats)]
fn exchange_rate(from: &str, to: &str) -> Result<f64, RateError> {
    ask(from, to)
}

/// Twenty customers at once.
fn rush() {
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| exchange_rate("EUR", "USD").expect("a rate"));
        }
    });
}

fn main() {
    println!("twenty threads want one rate:");
    rush();
    println!(
        "   the bank was asked {} time; {}",
        ASKED.load(Relaxed),
        exchange_rate_cache().info()
    );
    assert_eq!(ASKED.load(Relaxed), 1);

    println!("half a minute later, all of them come again:");
    let before = exchange_rate("EUR", "USD");
    clock::advance(Duration::from_secs(30));
    rush();
    let after = exchange_rate("EUR", "USD");
    println!(
        "   the bank was asked {} times; {before:?} has become {after:?}",
        ASKED.load(Relaxed)
    );
    assert_eq!(ASKED.load(Relaxed), 2);
    assert_ne!(before, after);

    println!("an error is not kept, and asked for again:");
    for _ in 0..2 {
        println!("   {:?}", exchange_rate("EUR", "XXX"));
    }
    assert_eq!(ASKED.load(Relaxed), 4);

    println!("an operator who knows better, and one who wants to start anew:");
    exchange_rate_cache().insert(("EUR", "USD"), 2.0);
    assert_eq!(exchange_rate("EUR", "USD"), Ok(2.0));
    exchange_rate_cache().clear();
    println!("   {}", exchange_rate_cache().info());
    assert!(exchange_rate_cache().is_empty());
}
