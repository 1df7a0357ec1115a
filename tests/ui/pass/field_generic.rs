use memo_runtime::memoize;
use std::{borrow::Cow, collections::HashMap, iter::Peekable, marker::PhantomData};

trait Model {
    type State;
    type Log<'a>
    where
        Self: 'a;
}

struct Token;

#[memoize]
struct Shape<'a, T, K: ?Sized, M: Model + 'a, I: Iterator<Item = Token>, const N: usize = 2>
where
    Self: Sized,
    T: 'a,
    K: ToOwned,
    K::Owned: Clone,
{
    plain: Vec<T>,
    arrays: [Option<T>; N],
    borrowed: &'a HashMap<String, [T; N]>,
    key: Cow<'a, K>,
    boxed: Box<K>,
    state: M::State,
    states: Vec<(<M as Model>::State, Option<M::State>)>,
    log: M::Log<'a>,
    signature: fn(M::State) -> M::State,
    token: Option<I::Item>,
    tokens: Peekable<I>,
    phantom: PhantomData<fn(T) -> I>,
}

#[memoize]
impl<'a, T, K: ?Sized, M: Model + 'a, I: Iterator<Item = Token>, const N: usize>
    Shape<'a, T, K, M, I, N>
where
    T: 'a,
    K: ToOwned,
    K::Owned: Clone,
{
    #[memoize]
    fn area(&self) -> usize {
        self.plain.len() + N
    }
}

fn main() {}
