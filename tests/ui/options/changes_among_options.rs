use memo_runtime::memoize;

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }

    #[memoize(changes(side), stats)] //~ ERROR `changes` goes alone
    fn touch(&mut self) {}
}

fn main() {}
