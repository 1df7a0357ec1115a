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

    fn grow(&mut self) {
        self.side = self.area(); //~ ERROR multiple applicable items in scope
    }
}

trait Area {
    fn area(&mut self) -> u64;
}

impl Area for Shape {
    fn area(&mut self) -> u64 {
        self.side += 1;
        self.side
    }
}

fn main() {}
