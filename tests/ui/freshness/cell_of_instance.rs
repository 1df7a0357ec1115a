use std::sync::{Arc, Mutex};

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

    fn grow(shape: &Mutex<Self>) { //~ ERROR an instance could change unseen through this argument
        shape.lock().unwrap().side += 1;
    }

    fn grow_shared(shape: Arc<Mutex<Self>>) { //~ ERROR an instance could change unseen through this argument
        shape.lock().unwrap().side += 1;
    }

    fn grow_first([mut shape]: [Self; 1]) -> Self { //~ ERROR an instance could change unseen through this argument
        shape.side += 1;
        shape
    }
}

fn main() {}
