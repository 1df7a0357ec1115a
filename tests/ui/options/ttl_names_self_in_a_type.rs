use memo_runtime::memoize;
use std::time::Duration;

struct Feed {
    age: Duration,
}

#[memoize]
impl Feed {
    #[memoize(scope = "type", unbounded, reads(age: Duration), ttl = self.age)] //~ ERROR `self` is not in scope in the `ttl` of a type-scoped cache
    fn keys(&self) -> u64 {
        self.age.as_secs()
    }
}

fn main() {}
