//! `store = …` in signatures that macros write, behind aliases of `Result`, of types that are called so, and in futures that are sent.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]

use memo_runtime::{MemoryStore, Region, memoize};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("round", MemoryStore::new()));
static BODIES: AtomicUsize = AtomicUsize::new(0);

/// An error that is never written.
#[derive(Debug, PartialEq)]
pub struct Plain;

macro_rules! endpoint {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty, $region:expr, $ttl:expr, $cache:ident => $body:expr) => {
        $(#[$meta])*
        #[memoize(store = $region, ttl = $ttl, accessor = $cache, stats)]
        $vis fn $name($($arg: $ty),*) -> $ret { $body }
    };
    (async $name:ident($n:ident), $ret:ty, $region:expr => $body:block) => {
        #[memoize(store = $region, unbounded, single_flight)]
        async fn $name($n: u8) -> $ret $body
    };
}
endpoint! {
    /// Doc.
    #[inline]
    pub(crate) fn by_macro(a: u8, text: &str) -> Result<Vec<u8>, Plain>, &REGION, "5m", macro_cache => if a == 0 { Err(Plain) } else { Ok(vec![a; text.len()]) }
}
endpoint! { fn ttl_expr(a: Option<&str>) -> Option<String>, &*REGION, std::time::Duration::from_secs(3), ttl_cache => a.map(str::to_owned) }
endpoint! { async in_async(n), Result<u8, Plain>, &REGION => { if n == 0 { return Err(Plain) } tokio::task::yield_now().await; Ok(n) } }

#[test]
fn of_macros() {
    for _ in 0..2 {
        assert_eq!(by_macro(0, "a"), Err(Plain));
        assert_eq!(by_macro(2, "ab"), Ok(vec![2, 2]));
        assert_eq!((ttl_expr(None), ttl_expr(Some("x"))), (None, Some("x".into())));
        let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!((rt.block_on(in_async(0)), rt.block_on(in_async(1))), (Err(Plain), Ok(1)));
    }
    assert_eq!(macro_cache().info().hits, Some(1));
    assert_eq!(ttl_cache().info().hits, Some(2));
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Error(String);
type Answer<T> = Result<T, Error>;
type Done = Result<u8, Error>;
#[memoize(store = &REGION, unbounded, stats)]
fn alias(n: u8) -> Answer<u8> {
    BODIES.fetch_add(1, SeqCst);
    if n == 0 { Err(Error("zero".into())) } else { Ok(n) }
}
#[memoize(store = &REGION, unbounded, single_flight)]
async fn alias_later(n: u8) -> Done {
    BODIES.fetch_add(1, SeqCst);
    if n == 0 { Err(Error("zero".into())) } else { Ok(n) }
}
#[test]
fn an_alias_keeps_ok_only() {
    let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for _ in 0..2 {
        assert_eq!((alias(0), alias(1)), (Err(Error("zero".into())), Ok(1)));
        assert_eq!(
            (rt.block_on(alias_later(0)), rt.block_on(alias_later(1))),
            (Err(Error("zero".into())), Ok(1))
        );
    }
    assert_eq!(BODIES.load(SeqCst), 6);
    assert_eq!(alias_cache().get((0,)).unwrap(), None);
}
mod own {
    use super::{REGION, memoize};
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub struct Result<T>(pub T);
    type Whole<T> = Result<T>;
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub enum Outcome<T, E> {
        Ok(T),
        Err(E),
    }
    #[memoize(store = &REGION, unbounded, stats)]
    fn one(n: u8) -> Whole<u8> {
        Result(n)
    }
    #[memoize(store = &REGION, unbounded, stats)]
    fn two(n: u8) -> Outcome<u8, String> {
        if n == 0 { Outcome::Err("zero".into()) } else { Outcome::Ok(n) }
    }
    mod another {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub enum Result<T, E> {
            Ok(T),
            Err(E),
        }
        type Whole = Result<u8, String>;
        #[super::memoize(store = &super::REGION, unbounded, stats)]
        pub fn three(n: u8) -> Whole {
            if n == 0 { Result::Err("zero".into()) } else { Result::Ok(n) }
        }
    }
    #[test]
    fn of_the_user() {
        for _ in 0..2 {
            assert_eq!(
                (one(1), two(0), two(1)),
                (Result(1), Outcome::Err("zero".into()), Outcome::Ok(1))
            );
            assert_eq!(
                (another::three(0), another::three(1)),
                (another::Result::Err("zero".into()), another::Result::Ok(1))
            );
        }
        assert_eq!(
            (one_cache().info().hits, two_cache().info().hits, another::three_cache().info().hits),
            (Some(1), Some(2), Some(2))
        );
    }
}
#[memoize(store = &REGION, unbounded, single_flight)]
async fn not_send(n: u8) -> u8 {
    let rc = Rc::new(n);
    tokio::task::yield_now().await;
    *rc
}
fn is_send<T: Send>(t: T) -> T {
    t
}
#[memoize(store = &REGION, ttl = |v: &String| std::time::Duration::from_secs(v.len() as u64), single_flight, cache_if = |v: &Result<String, Plain>| v.is_ok())]
async fn sends(n: &str) -> Result<String, Plain> {
    tokio::task::yield_now().await;
    if n.is_empty() { Err(Plain) } else { Ok(n.into()) }
}
#[test]
fn of_futures_that_are_sent() {
    let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(rt.block_on(not_send(1)), 1);
    let text = String::from("abc");
    assert_eq!(rt.block_on(is_send(sends(&text))), Ok("abc".into()));
    assert_eq!(rt.block_on(is_send(sends_cache().get(("abc",)))).unwrap().as_deref(), Some("abc"));
    rt.block_on(is_send(sends_cache().insert(("abcd",), "x".into()))).unwrap();
    rt.block_on(is_send(sends_cache().remove(("abcd",)))).unwrap();
    rt.block_on(is_send(sends_cache().clear())).unwrap();
}

/// The compiler takes the lifetimes in a future's types for any, and would not see that those of the key and of the argument are one.
mod futures_with_static_parts {
    use std::{borrow::Cow, sync::LazyLock};

    use memo_runtime::{MemoryStore, Region, memoize};

    static REGION: LazyLock<Region<MemoryStore>> =
        LazyLock::new(|| Region::new("static parts", MemoryStore::new()));

    #[memoize(store = &REGION, unbounded)]
    async fn plain(of: Cow<'static, str>) -> usize {
        of.len()
    }
    #[memoize(store = &REGION, unbounded, single_flight)]
    async fn single(of: Cow<'static, str>) -> usize {
        of.len()
    }

    #[test]
    fn are_send() {
        fn is_send<F: Send>(_future: &F) {}
        is_send(&plain("a".into()));
        is_send(&single("a".into()));
    }
}
