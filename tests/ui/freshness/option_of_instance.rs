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

    fn grow(shape: Option<&mut Self>) { //~ ERROR an instance could change unseen through this argument
        if let Some(shape) = shape {
            shape.side += 1;
        }
    }
}

fn main() {}
