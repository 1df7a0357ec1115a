use memo_runtime::memoize;

struct Shape {
    side: u64,
}

trait Area {
    fn area(&self) -> u64;
}

impl Area for Shape {
    #[memoize] //~ ERROR
    fn area(&self) -> u64 {
        self.side
    }
}

fn main() {}
