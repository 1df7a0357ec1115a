use memo_runtime::memoize;
use std::collections::HashMap;

struct Cell(u64);
struct Mutex<T>(T);
struct AtomicU64 {
    mass: u64,
}
mod zoo {
    pub struct RefCell<'a>(pub &'a str);
    pub struct Vec<T>(pub std::marker::PhantomData<T>);
}

#[memoize]
struct Shape {
    cell: Cell,
    mutex: Mutex<u64>,
    atom: AtomicU64,
    cells: Vec<zoo::RefCell<'static>>,
    mutexes: HashMap<u64, Option<Box<Mutex<Cell>>>>,
    not_the_one: zoo::Vec<std::sync::Mutex<u64>>,
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
