use memo_runtime::memoize;

#[memoize(ttl = "30")] //~ ERROR `ttl = "30"` is no time; expected whole numbers with a unit
fn without_unit() -> u64 {
    1
}

#[memoize(ttl = "1.5h")] //~ ERROR `ttl = "1.5h"` is no time
fn fraction() -> u64 {
    1
}

#[memoize(ttl = "30m1h")] //~ ERROR `ttl = "30m1h"` is no time
fn wrong_order() -> u64 {
    1
}

#[memoize(ttl = "")] //~ ERROR `ttl = ""` is no time
fn empty() -> u64 {
    1
}

fn main() {}
