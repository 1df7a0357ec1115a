//! All type-scoped caches of a process as a table: what they hold, how often they were hit. Some are filled ahead, all are emptied.
//!
//! Run it with `cargo run --example inspect`. It checks itself.

use memo_runtime::{caches, memoize};

#[memoize(unbounded, stats)]
fn fib(n: u64) -> u64 {
    if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
}

struct Rates;

#[memoize]
impl Rates {
    #[memoize(capacity = 2, stats, single_flight)]
    fn rate(currency: &str) -> u32 {
        currency.bytes().map(u32::from).sum()
    }
}

struct Grid<T>([T; 4]);

#[memoize]
impl<T: Clone + Default + Send + Sync + 'static> Grid<T> {
    #[memoize(returns = "ref", unbounded)]
    fn empty(rows: usize) -> Vec<[T; 4]> {
        vec![Self(Default::default()).0; rows]
    }
}

/// A row for each cache, in the order of their first use.
fn table() -> String {
    let mut rows = vec![["cache", "entries", "of", "hits", "misses"].map(str::to_owned)];
    let number = |count: Option<u64>| count.map_or("-".into(), |count| count.to_string());
    for cache in caches() {
        let info = cache.info();
        rows.push([
            cache.name().to_owned(),
            info.len.map_or("-".into(), |len| len.to_string()),
            info.capacity.map_or("unbounded".into(), |capacity| capacity.to_string()),
            number(info.hits),
            number(info.misses),
        ]);
    }
    let lines = rows.iter().map(|[cache, entries, of, hits, misses]| {
        format!("{cache:<20}{entries:>8}{of:>11}{hits:>6}{misses:>8}\n")
    });
    lines.collect()
}

fn main() {
    assert_eq!(table().lines().count(), 1, "nothing was used yet");

    // Known ahead: no body runs for these.
    Rates::rate_cache().insert(("EUR",), 1000);
    assert_eq!(Rates::rate("EUR"), 1000);
    assert_eq!(Rates::rate("USD"), 236);
    assert_eq!(Rates::rate("GBP"), 217);
    fib(30);
    Grid::<u8>::empty(2);
    Grid::<String>::empty(3);
    print!("{}", table());
    let expected = "\
cache                entries         of  hits  misses
Rates::rate                2          2     1       2
fib                       31  unbounded    28      31
Grid<u8>::empty            1  unbounded     -       -
Grid<String>::empty        1  unbounded     -       -
";
    assert_eq!(table(), expected);

    // References into the grids are out there: these stay.
    let kept: Vec<_> = caches().filter(|cache| !cache.clear()).map(|cache| cache.name()).collect();
    assert_eq!(kept, ["Grid<u8>::empty", "Grid<String>::empty"]);
    print!("\n{}", table());
    assert_eq!(caches().filter_map(|cache| cache.info().len).sum::<usize>(), 2);
}
