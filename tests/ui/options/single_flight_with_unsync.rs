use memo_runtime::memoize;

#[memoize(unbounded, unsync, single_flight)] //~ ERROR `single_flight` contradicts `unsync`; one thread has nobody to wait for; remove one
fn twice(n: u64) -> u64 {
    n * 2
}

fn main() {}
