use memo_runtime::memoize;

enum Kind {
    Square,
}

#[memoize]
impl Kind {
    #[memoize(unbounded)]
    fn twice(n: u64) -> u64 {
        n * 2
    }

    fn flip(&mut self) {
        *self = Self::Square;
    }
}

struct Pair(u64, u64);

#[memoize]
impl Pair {
    #[memoize(capacity = 8)]
    fn twice(n: u64) -> u64 {
        n * 2
    }

    fn new() -> Self {
        Self(1, 2)
    }
}

struct Plain {
    side: u64,
}

#[memoize]
impl Plain {
    #[memoize(unbounded)]
    fn twice(n: u64) -> u64 {
        n * 2
    }

    fn new(side: u64) -> Self {
        Self { side }
    }

    #[memoize(scope = "type", reads(side: u64), unbounded)]
    fn area(&self) -> u64 {
        self.side * self.side
    }
}

fn main() {}
