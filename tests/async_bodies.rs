//! Bodies of `async` methods as people write them: early returns, `?`, coercions, divergence; checked against the type that is written.

#![deny(warnings)]

use std::{
    borrow::Cow,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use memo_runtime::memoize;

fn block_on<F: Future>(f: F) -> F::Output {
    let mut f = pin!(f);
    loop {
        if let Poll::Ready(x) = f.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return x;
        }
    }
}
trait Source {
    type Item: Clone + Send + Sync + 'static;
    fn get(&self, n: u64) -> Self::Item;
}
#[memoize]
struct Wrap<S: Source> {
    source: S,
    name: String,
}
#[memoize]
impl<S: Source> Wrap<S> {
    #[memoize]
    async fn item(&self, n: u64) -> S::Item {
        if n > 10 {
            return self.source.get(10);
        }
        self.source.get(n)
    }
    #[memoize]
    async fn pair(
        &self,
        n: u64,
    ) -> Result<(S::Item, u64), Box<dyn std::error::Error + Send + Sync>> {
        let m: u64 = self.name.parse()?;
        if n == 0 {
            Err("zero")?;
        }
        if n == 1 {
            return Err("one".into());
        }
        Ok((self.source.get(m), n))
    }
    #[memoize(returns = "ref")]
    async fn list(&self) -> Vec<S::Item> {
        let mut v = vec![];
        for i in 0..3 {
            v.push(self.source.get(i));
        }
        v
    }
    #[memoize]
    async fn looped(&self, n: u64) -> u64 {
        let mut i = 0;
        loop {
            i += n;
            if i > 20 {
                break i;
            }
        }
    }
    #[memoize]
    async fn matched(&self, o: Option<u8>) -> &'static str {
        match o {
            Some(1) => "one",
            Some(_) => return "many",
            None => "none",
        }
    }
    #[memoize]
    async fn cow(&self, o: bool) -> Cow<'static, str> {
        if o { "x".into() } else { format!("{o}").into() }
    }
    #[memoize]
    async fn dynamic(&self, n: u64) -> Arc<dyn Fn() -> u64 + Send + Sync> {
        if n > 1 {
            return Arc::new(|| 1);
        }
        Arc::new(move || n)
    }
    #[memoize]
    async fn never(&self, n: u64) -> u64 {
        assert!(n > 0);
        unreachable!("{n}")
    }
    fn rename(&mut self, name: String) {
        self.name = name;
    }
}
struct N;
impl Source for N {
    type Item = u64;
    fn get(&self, n: u64) -> u64 {
        n
    }
}
#[async_trait::async_trait]
trait Checked {
    async fn f(&self, n: u64) -> Result<u64, String>;
}
#[memoize]
#[async_trait::async_trait]
impl<S: Source + Sync> Checked for Wrap<S> {
    async fn f(&self, n: u64) -> Result<u64, String> {
        if n > 3 {
            return Err("x".into());
        }
        Ok(n)
    }
}

#[test]
fn they_result_in_what_they_say() {
    let mut w = Wrap { source: N, name: "7".into(), memo: Default::default() };
    assert_eq!(block_on(w.item(11)), 10);
    assert_eq!(block_on(w.pair(2)).unwrap(), (7, 2));
    assert!(block_on(w.pair(0)).is_err() && block_on(w.pair(1)).is_err());
    w.rename("x".into());
    assert!(block_on(w.pair(2)).is_err());
    assert_eq!(block_on(w.list()).len(), 3);
    assert_eq!(
        (block_on(w.looped(3)), block_on(w.matched(None)), block_on(w.cow(false))),
        (21, "none", "false".into())
    );
    assert_eq!(block_on(w.dynamic(1))(), 1);
    assert!(catch_unwind(AssertUnwindSafe(|| block_on(w.never(1)))).is_err());
    assert_eq!(block_on(Checked::f(&w, 1)), Ok(1));
}
