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

    fn grow(shapes: &mut [Self]) { //~ ERROR an instance could change unseen through this argument
        for shape in shapes {
            shape.side += 1;
        }
    }
}

fn main() {}
