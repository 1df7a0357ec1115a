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

    fn grow(mut shape: impl AsMut<Self>) { //~ ERROR an instance could change unseen through this argument
        shape.as_mut().side += 1;
    }

    fn grow_more<T>(mut shape: T) //~ ERROR an instance could change unseen through this argument
    where
        T: std::ops::DerefMut<Target = Self>,
    {
        shape.side += 1;
    }

    fn grow_all<'a>(shapes: impl Iterator<Item = &'a mut Self>) { //~ ERROR an instance could change unseen through this argument
        for shape in shapes {
            shape.side += 1;
        }
    }
}

fn main() {}
