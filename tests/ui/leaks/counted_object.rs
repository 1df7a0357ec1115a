use memo_runtime::memoize;
use std::{rc::Rc, sync::Arc};

#[memoize]
struct Shape {
    side: u64,
}

#[memoize]
impl Shape {
    #[memoize]
    fn scale(self: Rc<Self>) -> Rc<dyn Fn(u64) -> u64> { //~ ERROR a cached trait object made from a counted receiver
        Rc::new(move |by| by * self.side)
    }
    #[memoize]
    fn several(self: &Arc<Self>, n: usize) -> Vec<(usize, Option<Arc<dyn Fn(u64) -> u64>>)> { //~ ERROR a cached trait object made from a counted receiver
        let this = Arc::clone(self);
        vec![(n, Some(Arc::new(move |by| by * this.side)))]
    }
    #[memoize(returns = "ref")]
    fn boxed(self: &Rc<Self>) -> Box<dyn Fn(u64) -> u64> { //~ ERROR a cached trait object made from a counted receiver
        let this = Rc::clone(self);
        Box::new(move |by| by * this.side)
    }
}

fn main() {}
