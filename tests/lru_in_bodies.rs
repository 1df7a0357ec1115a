//! `capacity = n` is exact LRU whatever a body does: calls, insertions, removals, clearings and panics in between, with keys of
//! equal hashes; results, lengths and counts are compared with a model.

use memo_runtime::memoize;
use std::{
    cell::RefCell,
    hash::{Hash, Hasher},
};
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key(u32);
impl Hash for Key {
    fn hash<H: Hasher>(&self, h: &mut H) {
        (self.0 % MODULUS.get()).hash(h);
    }
}
thread_local! { static MODULUS: std::cell::Cell<u32> = const { std::cell::Cell::new(1) };
static M: RefCell<Model> = RefCell::new(Model::default()); }
#[derive(Default)]
struct Model {
    seed: u64,
    next: u64,
    cap: usize,
    lru: Vec<(u32, u64)>,
    flights: Vec<(u32, bool, u64)>,
    depth: usize,
    hits: u64,
    misses: u64,
    evictions: u64,
}
impl Model {
    fn rnd(&mut self, n: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 11) % n
    }
    fn touch(&mut self, k: u32) -> Option<u64> {
        let i = self.lru.iter().position(|e| e.0 == k)?;
        let e = self.lru.remove(i);
        self.lru.push(e);
        Some(e.1)
    }
    fn put(&mut self, k: u32, v: u64) {
        if self.touch(k).is_some() {
            self.lru.last_mut().unwrap().1 = v;
            return;
        }
        if self.lru.len() == self.cap {
            self.lru.remove(0);
            self.evictions += 1;
        }
        self.lru.push((k, v));
    }
}
trait Cache {
    fn call(k: &Key) -> u64;
    fn get(k: &Key) -> Option<u64>;
    fn has(k: &Key) -> bool;
    fn ins(k: Key, v: u64);
    fn rem(k: &Key) -> bool;
    fn clr();
    fn len() -> usize;
    fn info() -> memo_runtime::CacheInfo;
}
fn m<R>(f: impl FnOnce(&mut Model) -> R) -> R {
    M.with(|x| f(&mut x.borrow_mut()))
}
fn body<C: Cache>(k: u32) -> u64 {
    let v = m(|m| {
        m.next += 1;
        let v = m.next;
        m.flights.push((k, true, v));
        m.misses += 1;
        m.depth += 1;
        v
    });
    let n = m(|m| if m.depth > 4 { 0 } else { m.rnd(4) });
    for _ in 0..n {
        step::<C>();
    }
    m(|m| {
        m.depth -= 1;
    });
    if m(|m| m.rnd(12)) == 0 {
        m(|m| {
            m.flights.pop();
        });
        std::panic::resume_unwind(Box::new(()))
    }
    v
}
// A removal also gives up what is being computed for keys of an equal hash; a call whose result was given up counts as a use of
// an entry that somebody else stored meanwhile.
fn call<C: Cache>(k: u32) {
    let hit = m(|m| {
        let h = m.touch(k);
        if h.is_some() {
            m.hits += 1;
        }
        h
    });
    let before = m(|m| m.flights.len());
    let depth = m(|m| m.depth);
    match std::panic::catch_unwind(|| C::call(&Key(k))) {
        Err(e) => {
            m(|m| {
                m.flights.truncate(before);
                m.depth = depth;
            });
            if e.is::<String>() || e.is::<&str>() {
                std::panic::resume_unwind(e)
            }
        }
        Ok(got) => {
            let want = m(|m| {
                if let Some(value) = hit {
                    assert_eq!(m.flights.len(), before);
                    return value;
                }
                assert_eq!(m.flights.len(), before + 1, "body not run for {k}");
                let (_, good, value) = m.flights.pop().unwrap();
                let there = m.touch(k);
                match there {
                    Some(there) if good => return there,
                    None if good => m.put(k, value),
                    _ => {}
                }
                value
            });
            assert_eq!(got, want, "call {k}");
        }
    }
    check::<C>();
}
fn check<C: Cache>() {
    assert_eq!(C::len(), m(|m| m.lru.len()));
    let i = C::info();
    m(|m| {
        assert_eq!(
            (i.hits, i.misses, i.evictions),
            (Some(m.hits), Some(m.misses), Some(m.evictions))
        );
    });
}
fn step<C: Cache>() {
    let k = u32::try_from(m(|m| m.rnd(7))).unwrap();
    match m(|m| m.rnd(16)) {
        0 => {
            let r = C::rem(&Key(k));
            let w = m(|m| {
                for f in &mut m.flights {
                    if f.0 % MODULUS.get() == k % MODULUS.get() {
                        f.1 = false;
                    }
                }
                let l = m.lru.len();
                m.lru.retain(|e| e.0 != k);
                l != m.lru.len()
            });
            assert_eq!(r, w);
        }
        1 => {
            let v = m(|m| {
                m.next += 1;
                m.next
            });
            C::ins(Key(k), v);
            m(|m| m.put(k, v));
        }
        2 => {
            if m(|m| m.rnd(3)) == 0 {
                C::clr();
                m(|m| {
                    for f in &mut m.flights {
                        f.1 = false;
                    }
                    m.lru.clear();
                    m.hits = 0;
                    m.misses = 0;
                    m.evictions = 0;
                });
            }
        }
        3 => assert_eq!(C::get(&Key(k)), m(|m| m.lru.iter().find(|e| e.0 == k).map(|e| e.1))),
        4 => assert_eq!(C::has(&Key(k)), m(|m| m.lru.iter().any(|e| e.0 == k))),
        _ => call::<C>(k),
    }
    check::<C>();
}
macro_rules! cache { ($n:ident, $t:ident, $a:ident, $cap:expr, $($o:tt)*) => {
    struct $t;
    #[memoize(capacity = $cap, stats $($o)*)]
    fn $n(k: &Key) -> u64 { body::<$t>(k.0) }
    impl Cache for $t { fn call(k: &Key) -> u64 { $n(k) } fn get(k: &Key) -> Option<u64> { $a().peek((k,)) } fn has(k: &Key) -> bool { $a().contains((k,)) } fn ins(k: Key, v: u64) { $a().insert((&k,), v) }
      fn rem(k: &Key) -> bool { $a().remove((k,)) } fn clr() { $a().clear() } fn len() -> usize { $a().len() } fn info() -> memo_runtime::CacheInfo { $a().info() } }
} }
cache!(c1, C1, c1_cache, 1,);
cache!(c2, C2, c2_cache, 2, , unsync);
cache!(c3, C3, c3_cache, 3,);
cache!(c4, C4, c4_cache, 4, , ttl = "1h");
cache!(c5, C5, c5_cache, 5, , unsync, ttl = "1h");
fn run<C: Cache>(cap: usize) {
    for seed in 1..600 {
        MODULUS.set([1, 2, 1000][(seed % 3) as usize]);
        C::clr();
        m(|m| {
            *m = Model {
                seed: u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15),
                cap,
                ..Model::default()
            }
        });
        for _ in 0..60 {
            step::<C>();
        }
    }
}
#[test]
fn one_entry() {
    run::<C1>(1);
}
#[test]
fn two_entries_unsync() {
    run::<C2>(2);
}
#[test]
fn three_entries() {
    run::<C3>(3);
}
#[test]
fn four_entries_with_ttl() {
    run::<C4>(4);
}
#[test]
fn five_entries_unsync_with_ttl() {
    run::<C5>(5);
}
