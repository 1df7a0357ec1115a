//! Arguments that are left out, and results of counted receivers, of types with names of somebody's own.
#![deny(warnings)]
#![forbid(unsafe_code)]
use memo_runtime::memoize;
use std::{
    borrow::Cow,
    rc::{Rc, Weak},
    sync::Arc,
};

#[derive(Clone)]
struct Log<T>(Vec<T>);
type Names<'a> = Cow<'a, [String]>;
type Lent<'a> = &'a Log<u64>;
type Other = Arc<Log<u64>>;
type Up<T> = Weak<Shape<T>>;

#[memoize]
struct Shape<T> {
    side: T,
}

#[memoize]
impl<T: Clone + 'static> Shape<T> {
    #[memoize(unsync, skip(log, names, lent, _unused))]
    fn skipped(&self, mut log: Log<T>, names: Names<'_>, lent: Lent<'_>, _unused: Log<u8>) -> usize {
        log.0.push(self.side.clone());
        log.0.len() + names.len() + lent.0.len()
    }

    #[memoize(unsync, key(n: usize = log.0.len()))]
    fn keyed(&self, log: Log<T>) -> Log<T> {
        Log(vec![log.0[0].clone(), self.side.clone()])
    }

    #[memoize(unsync)]
    fn other(self: Rc<Self>) -> Other {
        drop(self.side.clone());
        Arc::new(Log(vec![1]))
    }

    #[memoize(unsync)]
    fn plain(self: &Rc<Self>) -> T {
        self.side.clone()
    }

    #[memoize(unsync)]
    fn up(self: &Rc<Self>) -> Result<Up<T>, String> {
        Ok(Rc::downgrade(self))
    }

    #[memoize(unsync)]
    async fn later(self: &Rc<Self>) -> Option<Log<T>> {
        Some(Log(vec![self.side.clone()]))
    }
}

fn main() {
    let shape = Rc::new(Shape { side: 'x', memo: std::default::Default::default() });
    assert_eq!(shape.skipped(Log(vec![]), Cow::Borrowed(&[]), &Log(vec![]), Log(vec![])), 1);
    assert_eq!(shape.keyed(Log(vec!['y'])).0, ['y', 'x']);
    assert_eq!((Rc::clone(&shape).other().0[0], shape.plain()), (1, 'x'));
    assert!(shape.up().is_ok_and(|up| up.upgrade().is_some()));
    drop(shape.later());
}
