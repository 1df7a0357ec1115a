//! What can be seen through, although it looks like what cannot.
#![deny(warnings)]

use std::{rc::Rc, sync::Arc, thread};

use memo_runtime::memoize;

#[memoize]
#[derive(Clone)]
struct Shape {
    side: u64,
    parts: Vec<u64>,
}

struct Config(u64, u64);

#[memoize]
impl Shape {
    fn new(side: u64) -> Self {
        Self { side, parts: Vec::new() }
    }
    #[memoize]
    fn area(&self) -> u64 {
        self.side * self.side
    }
    /// An argument of a type that says nothing, beside a change of something else.
    fn configure(&mut self, config: Config, out: &mut Vec<u64>) {
        let mut last = (0, 0);
        last.0 = config.0;
        out.push(last.0);
        self.side = config.1;
    }
    /// Instances that only methods of the block change.
    fn grow_all(shapes: &mut [Self], more: Option<&mut Self>) {
        for shape in shapes {
            shape.grow();
        }
        if let Some(shape) = more {
            shape.grow();
        }
    }
    fn grow(&mut self) -> &mut Self {
        self.side += 1;
        self
    }
    fn collect(&self, out: &mut Vec<Self>) {
        out.push(self.clone());
    }
    /// The instance's handle is only cloned, and its methods called.
    fn in_thread(self: Arc<Self>) -> u64 {
        let this = Arc::clone(&self);
        let mut sum = 0;
        sum += thread::spawn(move || this.area()).join().unwrap_or_default();
        sum + self.area()
    }
    fn shared(self: Rc<Self>, other: Rc<Self>) -> u64 {
        self.area() + other.area()
    }
    /// Callbacks, and instances that are given away.
    fn each(&mut self, mut change: impl FnMut(&mut Self), others: Vec<Self>, more: Option<Box<Self>>) {
        let mut last = (0, 0);
        change(self);
        for other in others.into_iter().chain(more.map(|more| *more)) {
            last.0 += other.parts.len() as u64;
            self.parts.extend(other.parts);
        }
        self.side += last.0;
    }
    fn pinned(self: std::pin::Pin<Rc<Self>>) -> u64 {
        self.area()
    }
    /// Names of arguments that mean something else in a closure.
    fn renamed(&mut self, other: &mut Self, more: Self) -> impl Fn() -> u64 {
        let sum: u64 = [1, 2].iter().map(|other| *other).sum();
        let side = other.area() + sum;
        other.side = side;
        let other = more.side;
        move || other + side
    }
    fn taken_apart(Self { side, .. }: &mut Self, Config { 0: a, 1: b }: Config) -> u64 {
        *side += a;
        b
    }
    #[memoize(changes(side))]
    fn promised(&mut self) {
        let this = self;
        this.side = 1;
    }
    #[memoize(changes())]
    fn nothing(shapes: &mut [Self], n: u64) {
        let first = shapes.first_mut();
        if let Some(shape) = first {
            shape.side = shape.side.max(n).min(shape.side);
        }
    }
    /// Names that are not those of the arguments.
    fn shadows(&mut self, other: &mut Self) -> impl FnMut(u64) -> u64 {
        let this = &mut *self;
        this.side += 1;
        let o = other;
        o.side += 1;
        let side = o.side;
        move |other| {
            let this = other + side;
            this + 1
        }
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self::new(1)
    }
}

fn main() {
    let mut shape = Shape::new(2);
    let mut out = Vec::new();
    shape.configure(Config(1, 3), &mut out);
    Shape::grow_all(&mut [Shape::default()], Some(&mut shape));
    assert_eq!(shape.area(), 16);
    let mut all = Vec::new();
    shape.grow().grow().collect(&mut all);
    assert_eq!(Arc::new(shape.clone()).in_thread(), 72);
    assert_eq!(Rc::new(shape.clone()).shared(Rc::new(Shape::default())), 37);
    assert_eq!(Shape::taken_apart(&mut shape, Config(1, 2)), 2);
    assert_eq!(shape.area(), 49);
    shape.promised();
    assert_eq!(shape.area(), 1);
    Shape::nothing(&mut [shape.clone()], 5);
    let mut other = Shape::new(7);
    assert_eq!(shape.shadows(&mut other)(1), 10);
    assert_eq!((shape.area(), other.area()), (4, 64));
    shape.each(Shape::promised, vec![other], Some(Box::new(Shape::new(3))));
    assert_eq!(shape.area(), 1);
    assert_eq!(shape.renamed(&mut Shape::new(2), Shape::new(5))(), 12);
    assert_eq!(Rc::pin(Shape::new(3)).pinned(), 9);
    assert!(shape.parts.is_empty());
}
