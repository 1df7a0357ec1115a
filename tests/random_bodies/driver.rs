// Both modules get the same calls, and have to give the same results.
#![allow(unused)]

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, Waker},
};

#[derive(Clone, Debug)]
pub struct Part {
    n: u64,
    pair: (u64, u64),
}

pub type BoxFuture<'a> = Pin<Box<dyn Future<Output = Vec<u64>> + 'a>>;

fn call(f: &mut dyn FnMut(u64)) {
    f(1);
    f(2);
}

async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(move |_| {
        if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Runs a future to its end, drops it halfway, or forgets it.
fn poll(mut future: BoxFuture<'_>, k: u64) -> Vec<u64> {
    for turn in 0.. {
        if turn == k % 7 && turn < 5 {
            if k % 2 == 0 {
                std::mem::forget(future);
            }
            return vec![turn];
        }
        if let Poll::Ready(log) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return log;
        }
    }
    unreachable!()
}

/// `SplitMix64`.
struct Random(u64);
impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

/// One of the modules: a pair of instances, and what a call did.
macro_rules! world {
    ($name:ident, $module:ident) => {
        struct $name(Box<$module::S>, Box<$module::S>);
        impl $name {
            fn new(n: u64) -> Self {
                Self(Box::new($module::S::new(n)), Box::new($module::S::new(n + 1)))
            }
            fn call(&mut self, method: u64, k: u64) -> (Vec<u64>, Option<String>) {
                let mut log = Vec::new();
                let drive = || $module::drive(&mut self.0, &mut self.1, method, k, &mut log);
                let message = catch_unwind(AssertUnwindSafe(drive)).err().map(|payload| {
                    let text = payload.downcast_ref::<&str>().map(|text| text.to_string());
                    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
                });
                (log, message)
            }
            fn clear(&mut self) {
                $module::clear(&mut self.0);
                $module::clear(&mut self.1);
            }
            fn all(&self) -> [Vec<u64>; 4] {
                [self.0.all(), self.1.all(), self.0.all(), self.1.all()]
            }
        }
    };
}
world!(Memoized, memoized);
world!(Plain, plain);

fn main() {
    std::panic::set_hook(Box::new(|_| ()));
    let mut random = Random(SEED);
    let mut panics = 0;
    let mut calls = 0;
    for round in 0..METHODS * 3 {
        let n = random.below(8);
        let (mut memoized, mut plain) = (Memoized::new(n), Plain::new(n));
        let mut history = vec![format!("new {n}")];
        for turn in 0..8 {
            // Each method is met with fresh caches, and after others.
            let method = if turn == 0 { round % METHODS } else { random.below(METHODS + 1) };
            let k = random.below(30);
            if random.below(4) > 0 {
                history.push(String::from("all"));
                memoized.all();
                plain.all();
            }
            history.push(format!("m{method}({k})"));
            let results = (memoized.call(method, k), plain.call(method, k));
            let states = (memoized.all(), plain.all());
            panics += u64::from(results.1.1.is_some());
            calls += 1;
            if results.0 != results.1 || states.0 != states.1 {
                println!("seed {SEED}: {}", history.join(", "));
                println!("memoized {:?}\nplain    {:?}", results.0, results.1);
                println!("memoized {:?}\nplain    {:?}", states.0, states.1);
                std::process::exit(1);
            }
            if random.below(3) == 0 {
                history.push(String::from("clear"));
                memoized.clear();
            }
        }
    }
    let (ran, asked) = (memoized::RUNS.get(), plain::RUNS.get());
    println!("{METHODS} methods, {calls} calls, {panics} panics: {ran} bodies ran, {asked} without caches");
    let holds = |what: bool, text: &str| {
        if !what {
            println!("seed {SEED}: {text}");
            std::process::exit(1);
        }
    };
    holds(ran * 3 < asked * 2, "hardly anything is cached");
    holds(panics > 0 && panics * 2 < calls, "too few or too many calls panic to tell anything");
}
