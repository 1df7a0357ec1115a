//! Keys, values, `ttl` and `cache_if` of two caches that call into each other, from four threads, neither hang nor break a capacity.

// The spelling is what is tested.
#![allow(
    unused,
    clippy::all,
    clippy::pedantic,
    reason = "each form as it may stand, also one that nobody would write"
)]
use memo_runtime::memoize;
use std::{cell::Cell, hash::*, time::Duration};
thread_local!(static DEPTH: Cell<u32> = const { Cell::new(0) });
fn nest(f: impl FnOnce()) {
    let d = DEPTH.get();
    if d < 2 {
        DEPTH.set(d + 1);
        f();
        DEPTH.set(d);
    }
}
struct K(u64, bool);
impl Clone for K {
    fn clone(&self) -> K {
        nest(|| {
            if self.1 {
                b(&K(self.0, false));
            } else {
                a(&K(self.0, true));
            }
        });
        K(self.0, self.1)
    }
}
impl PartialEq for K {
    fn eq(&self, o: &K) -> bool {
        nest(|| {
            if self.1 {
                b(&K(o.0, false));
                b_cache().len();
            } else {
                a(&K(o.0, true));
                a_cache().len();
            }
        });
        self.0 == o.0
    }
}
impl Eq for K {}
impl Hash for K {
    fn hash<H: Hasher>(&self, h: &mut H) {
        nest(|| {
            if self.1 {
                b(&K(self.0, false));
            } else {
                a(&K(self.0, true));
            }
        });
        (self.0 % 3).hash(h)
    }
}
struct V(u64, bool);
impl Clone for V {
    fn clone(&self) -> V {
        nest(|| {
            if self.1 {
                b(&K(self.0, false));
            } else {
                a(&K(self.0, true));
            }
        });
        V(self.0, self.1)
    }
}
impl Drop for V {
    fn drop(&mut self) {
        nest(|| {
            if self.1 {
                b_cache().insert((&K(self.0, false),), V(self.0, false));
                b_cache().remove((&K(self.0 + 1, false),));
            } else {
                a(&K(self.0, true));
                a_cache().clear();
            }
        })
    }
}
fn left(v: &V) -> Duration {
    nest(|| {
        if v.1 {
            a(&K(v.0, true));
            b(&K(v.0, false));
        } else {
            b(&K(v.0, false));
            a(&K(v.0, true));
        }
    });
    Duration::from_secs(1000)
}
fn keep(v: &V) -> bool {
    nest(|| {
        a(&K(v.0, true));
        b(&K(v.0, false));
    });
    v.0 % 5 != 4
}
#[memoize(capacity = 4, ttl = left, cache_if = keep)]
fn a(k: &K) -> V {
    nest(|| {
        b(&K(k.0, false));
    });
    V(k.0, true)
}
#[memoize(capacity = 3, policy = "sieve", ttl = left, cache_if = keep)]
fn b(k: &K) -> V {
    nest(|| {
        a(&K(k.0, true));
    });
    V(k.0, false)
}
#[test]
fn never_wait_for_each_other() {
    let (tx, rx) = std::sync::mpsc::channel();
    for t in 0..4u64 {
        let tx = tx.clone();
        std::thread::spawn(move || {
            for i in 0..200u64 {
                let n = (i * 7 + t * 3) % 9;
                assert_eq!(a(&K(n, true)).0, n);
                assert_eq!(b(&K(n, false)).0, n);
                if i % 97 == 0 {
                    a_cache().clear();
                    b_cache().remove((&K(n, false),));
                }
                assert!(a_cache().len() <= 4 && b_cache().len() <= 3);
            }
            tx.send(()).unwrap()
        });
    }
    for _ in 0..4 {
        rx.recv_timeout(Duration::from_secs(60)).expect("a deadlock")
    }
}
