use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

struct User {
    id: u64,
}

#[memoize]
impl Shape {
    #[memoize(skip(log))]
    fn scaled(&self, by: u64, log: &dyn Fn(u64)) -> u64 {
        log(by);
        self.side * by
    }

    #[memoize(key(id: u64 = user.id))]
    fn of(&self, user: &User) -> u64 {
        self.side * user.id
    }

    #[memoize(scope = "type", unbounded, key(side: u64 = other.side))]
    fn side_of(other: &Self) -> u64 {
        other.side
    }
}

fn main() {}
