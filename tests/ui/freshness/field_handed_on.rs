//! A field that is a `&mut` is written to wherever its value goes.
use memo_runtime::memoize;

#[memoize]
struct Shape<'a> {
    sides: &'a mut Vec<u64>,
}

#[memoize]
impl<'a> Shape<'a> {
    #[memoize]
    fn count(&self) -> usize {
        self.sides.len()
    }

    fn grow(shapes: &mut [Self]) { //~ ERROR an instance could change unseen through this argument
        for shape in shapes {
            shape.count();
            let (sides, by): (&mut Vec<u64>, u64) = (shape.sides, 1);
            sides.push(by);
        }
    }
}

fn main() {}
