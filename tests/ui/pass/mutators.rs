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

    fn early(&mut self, side: u64) -> bool {
        if side == self.side {
            return false;
        }
        self.side = side;
        true
    }

    fn fallible(&mut self, text: &str) -> Result<u64, std::num::ParseIntError> {
        self.side = text.parse()?;
        Ok(self.area())
    }

    fn borrow(&mut self) -> &mut u64 {
        &mut self.side
    }

    #[memoize(changes())]
    fn touch(&mut self) {}
}

fn main() {}
