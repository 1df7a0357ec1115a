use memo_runtime::memoize;

#[derive(Clone)]
enum Result<T, E> {
    Good(T),
    Bad(E),
}

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn half(&self) -> Result<u64, String> { //~ ERROR this `Result` is not the one of the standard library
        Result::Good(self.side / 2)
    }
    #[memoize(capacity = 4, cache_if = |_| true)]
    async fn times(&self, n: u64) -> Result<u64, String> { //~ ERROR this `Result` is not the one of the standard library
        if n == 0 { Result::Bad(String::new()) } else { Result::Good(self.side * n) }
    }
}

fn main() {}
