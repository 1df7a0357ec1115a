use memo_runtime::memoize;

#[memoize(store = &REGION, unbounded, name = "")] //~ ERROR `name = ""` names nothing; write a name that no other cache of the region has
fn square(n: u64) -> u64 {
    n * n
}

fn main() {}
