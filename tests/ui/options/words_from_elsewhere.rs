use memo_runtime::memoize;

#[memoize(max_size = 3)] //~ ERROR unknown option `max_size`; how many entries are kept is said by `capacity = …`
fn bounded(n: u64) -> u64 {
    n
}

#[memoize(unbounded, time = 60)] //~ ERROR unknown option `time`; how long a result is good is said by `ttl`; write `ttl = "30s"`
fn timed(n: u64) -> u64 {
    n
}

#[memoize(unbounded, time_to_idle = 60)] //~ ERROR unknown option `time_to_idle`; a hit does not make a result good for longer
fn idle(n: u64) -> u64 {
    n
}

#[memoize(unbounded, result = true)] //~ ERROR unknown option `result`; of a `Result` only `Ok` is cached
fn checked(n: u64) -> Result<u64, String> {
    Ok(n)
}

#[memoize(unbounded, option = true)] //~ ERROR unknown option `option`; `None` is cached like any other result
fn found(n: u64) -> Option<u64> {
    Some(n)
}

#[memoize(unbounded, sync_writes = true)] //~ ERROR unknown option `sync_writes`; threads share caches; that one computes and the others wait is said by `single_flight`
fn waited(n: u64) -> u64 {
    n
}

#[memoize(unbounded, convert = "{ n }")] //~ ERROR unknown option `convert`; what makes the key is said by `key`
fn converted(n: u64) -> u64 {
    n
}

#[memoize(unbounded, typed = true)] //~ ERROR unknown option `typed`; values of different types are never the same key
fn typed(n: u64) -> u64 {
    n
}

#[memoize(unbounded, ignore = "m")] //~ ERROR unknown option `ignore`; arguments that do not decide the result are named by `skip`
fn ignored(n: u64, m: u64) -> u64 {
    n + m
}

#[memoize(unbounded, thread_local)] //~ ERROR unknown option `thread_local`; a cache without synchronisation is called `unsync`
fn local(n: u64) -> u64 {
    n
}

#[memoize(unbounded, name = "CACHE")] //~ ERROR `name` says what entries are called in a `store`, and there is none; remove it, or name the accessor: `accessor = name`
fn named(n: u64) -> u64 {
    n
}

#[memoize(unbounded, ty = "HashMap<u64, u64>")] //~ ERROR unknown option `ty`; the store follows from
fn stored(n: u64) -> u64 {
    n
}

fn main() {}
