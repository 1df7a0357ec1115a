//! How is one thing measured against another on a machine that is busy with others?
//!
//! In rounds: each round runs every contender once, for about the same short time, and what is reported is the median
//! of the rounds' ratios. Time is that of the thread's own CPU, so being preempted does not count; where threads wait
//! for each other it is the clock on the wall, and the best of a few tries.

use std::{
    hint::black_box,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

/// How long to measure.
#[derive(Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    /// The time of one contender in one round.
    pub slice: Duration,
    pub quick: bool,
}

impl Effort {
    pub const FULL: Effort = Effort { rounds: 101, slice: Duration::from_millis(1), quick: false };
    pub const QUICK: Effort = Effort { rounds: 3, slice: Duration::from_micros(200), quick: true };

    /// As many rounds of `times` the length in about the same time.
    pub fn longer(self, times: u32) -> Self {
        if self.quick {
            return self;
        }
        let rounds = (self.rounds / times as usize).max(15);
        Effort { rounds, slice: self.slice * times, ..self }
    }
}

/// What a contender is to the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Ours,
    /// What an expert would write by hand, or ourselves without the feature in question.
    Reference,
    Peer,
}

/// What one run has done.
pub struct Sample {
    pub nanos: f64,
    /// Of all results, to be compared with that of others.
    pub sum: u64,
}

/// One way to do the work of a row.
pub struct Contender {
    pub name: String,
    pub kind: Kind,
    run: Box<dyn FnMut(u64) -> Sample>,
}

impl Contender {
    /// `run` does so many calls and times them. Its first runs on all contenders must give the same sums.
    pub fn new(name: &str, kind: Kind, run: impl FnMut(u64) -> Sample + 'static) -> Self {
        Self { name: name.to_owned(), kind, run: Box::new(run) }
    }

    pub fn run(&mut self, calls: u64) -> Sample {
        (self.run)(calls)
    }

    /// Calls for one key after the other.
    pub fn hits<K: 'static>(
        name: &str,
        kind: Kind,
        keys: &Keys<K>,
        mut call: impl FnMut(&K) -> u64 + 'static,
    ) -> Self {
        keys.in_other_order(|key| {
            call(key);
        });
        let keys = Rc::clone(&keys.0);
        let mut position = 0;
        Self::new(name, kind, move |calls| {
            let mut left = calls;
            let mut sum = 0u64;
            let start = cpu_time();
            while left > 0 {
                let end = keys.len().min(position + usize_of(left));
                for key in &keys[position..end] {
                    sum = sum.wrapping_add(black_box(call(black_box(key))));
                }
                left -= (end - position) as u64;
                position = if end == keys.len() { 0 } else { end };
            }
            Sample { nanos: cpu_time() - start, sum }
        })
    }

    /// Calls that take their keys by value. The clones are made beforehand; dropping them is the call's business.
    pub fn hits_by_value<K: Clone + 'static>(
        name: &str,
        kind: Kind,
        keys: &Keys<K>,
        call: impl Fn(K) -> u64 + 'static,
    ) -> Self {
        keys.in_other_order(|key| {
            call(key.clone());
        });
        let keys = Rc::clone(&keys.0);
        Self::new(name, kind, move |calls| {
            let (mut sum, mut nanos, mut left) = (0u64, 0.0, calls);
            while left > 0 {
                let some: Vec<K> =
                    keys.iter().cycle().take(usize_of(left.min(4096))).cloned().collect();
                left -= some.len() as u64;
                let start = cpu_time();
                for key in some {
                    sum = sum.wrapping_add(black_box(call(black_box(key))));
                }
                nanos += cpu_time() - start;
            }
            Sample { nanos, sum }
        })
    }

    /// Calls of something without keys.
    pub fn calls(name: &str, kind: Kind, mut call: impl FnMut(u64) -> u64 + 'static) -> Self {
        call(0);
        Self::new(name, kind, move |calls| {
            let mut sum = 0u64;
            let start = cpu_time();
            for number in 0..calls {
                sum = sum.wrapping_add(black_box(call(number)));
            }
            Sample { nanos: cpu_time() - start, sum }
        })
    }

    /// Calls for all keys on a cache that `make` has just made, which does not count.
    pub fn misses<K: 'static, C: 'static>(
        name: &str,
        kind: Kind,
        keys: &Keys<K>,
        make: impl Fn() -> C + 'static,
        call: impl Fn(&C, &K) -> u64 + 'static,
    ) -> Self {
        let keys = Rc::clone(&keys.0);
        Self::new(name, kind, move |calls| {
            let (mut sum, mut nanos, mut left) = (0u64, 0.0, calls);
            while left > 0 {
                let some = &keys[..keys.len().min(usize_of(left))];
                left -= some.len() as u64;
                let cache = make();
                let start = cpu_time();
                for key in some {
                    sum = sum.wrapping_add(black_box(call(&cache, black_box(key))));
                }
                nanos += cpu_time() - start;
            }
            Sample { nanos, sum }
        })
    }

    /// Calls on one cache from `threads` threads, each of them as many.
    pub fn in_threads<K: Clone + Send + Sync + 'static, C: Send + Sync + 'static>(
        name: &str,
        kind: Kind,
        threads: usize,
        keys: &Keys<K>,
        cache: C,
        call: impl Fn(&C, &K) -> u64 + Send + Sync + 'static,
    ) -> Self {
        /// A try in which a thread had to wait for its CPU tells nothing.
        const TRIES: u64 = 8;
        keys.in_other_order(|key| {
            call(&cache, key);
        });
        let (keys, shared): (Arc<[K]>, _) = (keys.0.to_vec().into(), Arc::new((cache, call)));
        Self::new(name, kind, move |calls| {
            let tries = calls.div_ceil(TRIES);
            let (mut best, mut sum) = (f64::INFINITY, 0u64);
            let ready = AtomicUsize::new(0);
            let work = || {
                let (cache, call) = &*shared;
                let mut results = Vec::new();
                for number in 1..=usize_of(TRIES) {
                    ready.fetch_add(1, SeqCst);
                    while ready.load(SeqCst) < number * threads {
                        std::hint::spin_loop();
                    }
                    let start = Instant::now();
                    let mut sum = 0u64;
                    let mut left = usize_of(tries);
                    while left > 0 {
                        for key in &keys[..keys.len().min(left)] {
                            sum =
                                sum.wrapping_add(black_box(call(black_box(cache), black_box(key))));
                        }
                        left -= keys.len().min(left);
                    }
                    results.push((start, Instant::now(), sum));
                }
                results
            };
            let results: Vec<_> = thread::scope(|scope| {
                let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
                let own = work();
                let others =
                    others.into_iter().map(|other| other.join().expect("a thread panicked"));
                [own].into_iter().chain(others).collect()
            });
            for number in 0..usize_of(TRIES) {
                let tries = || results.iter().map(|results| results[number]);
                let start = tries().map(|(start, ..)| start).min().expect("there is a thread");
                let end = tries().map(|(_, end, _)| end).max().expect("there is a thread");
                best = f64::min(best, (end - start).as_secs_f64() * 1e9);
                sum = sum.wrapping_add(results[0][number].2);
            }
            #[allow(clippy::cast_precision_loss, reason = "a small number")]
            Sample { nanos: best * TRIES as f64, sum }
        })
    }
}

/// The keys of a row.
pub struct Keys<K>(pub Rc<[K]>);

impl<K> Keys<K> {
    pub fn new(keys: impl IntoIterator<Item = K>) -> Self {
        Self(keys.into_iter().collect())
    }

    /// What was stored in the order in which it is looked up would be found too easily.
    pub fn in_other_order(&self, mut each: impl FnMut(&K)) {
        let keys = &self.0;
        // Odd strides visit all of the keys, whose number is a power of two; others need one that is coprime.
        let stride =
            (keys.len() / 3..keys.len()).find(|stride| coprime(*stride, keys.len())).unwrap_or(1);
        for number in 0..keys.len() {
            each(&keys[number * stride % keys.len()]);
        }
    }
}

fn coprime(mut left: usize, mut right: usize) -> bool {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left == 1
}

/// The times of all contenders of a row.
pub struct Times {
    names: Vec<(String, Kind)>,
    /// For each contender, the nanoseconds a call in each round.
    rounds: Vec<Vec<f64>>,
}

impl Times {
    pub fn nanos(&self, index: usize) -> f64 {
        median(self.rounds[index].iter().copied())
    }

    /// The time of `left` as a multiple of that of `right`.
    pub fn ratio(&self, left: usize, right: usize) -> f64 {
        median(self.pairs(left, right).map(|(left, right)| left / right))
    }

    pub fn difference(&self, left: usize, right: usize) -> f64 {
        median(self.pairs(left, right).map(|(left, right)| left - right))
    }

    pub fn index(&self, name: &str) -> usize {
        self.names.iter().position(|(other, _)| other == name).expect("a contender of the row")
    }

    pub fn best_peer(&self) -> Option<usize> {
        let peers = (0..self.names.len()).filter(|&index| self.names[index].1 == Kind::Peer);
        peers.min_by(|&left, &right| self.nanos(left).total_cmp(&self.nanos(right)))
    }

    pub fn names(&self) -> impl Iterator<Item = (usize, &str, Kind)> {
        self.names.iter().enumerate().map(|(index, (name, kind))| (index, name.as_str(), *kind))
    }

    fn pairs(&self, left: usize, right: usize) -> impl Iterator<Item = (f64, f64)> {
        self.rounds[left].iter().copied().zip(self.rounds[right].iter().copied())
    }
}

/// Measures the contenders against each other.
///
/// # Panics
///
/// If their results differ.
pub fn measure(effort: &Effort, contenders: &mut [Contender]) -> Times {
    const CHECKED: u64 = 4096;
    let mut expected = None;
    for contender in &mut *contenders {
        let sum = contender.run(CHECKED).sum;
        let expected = *expected.get_or_insert(sum);
        assert_eq!(sum, expected, "`{}` returns something else", contender.name);
    }
    let calls: Vec<u64> =
        contenders.iter_mut().map(|contender| calibrate(contender, effort.slice)).collect();
    let mut rounds = vec![Vec::new(); contenders.len()];
    for round in 0..effort.rounds {
        // Nobody always follows the same one.
        for offset in 0..contenders.len() {
            let index = (round + offset) % contenders.len();
            #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
            rounds[index].push(contenders[index].run(calls[index]).nanos / calls[index] as f64);
        }
    }
    let names = contenders.iter().map(|contender| (contender.name.clone(), contender.kind));
    Times { names: names.collect(), rounds }
}

/// How many calls take about `slice`.
fn calibrate(contender: &mut Contender, slice: Duration) -> u64 {
    let slice = slice.as_secs_f64() * 1e9;
    let mut calls = 1000;
    loop {
        let nanos = contender.run(calls).nanos.max(1.0);
        if nanos > slice / 4.0 {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                clippy::cast_sign_loss,
                reason = "an estimate"
            )]
            return ((calls as f64 * slice / nanos) as u64).max(1);
        }
        calls *= 4;
    }
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

#[allow(clippy::cast_possible_truncation, reason = "a number of calls that fits in memory")]
fn usize_of(number: u64) -> usize {
    number as usize
}

/// The nanoseconds that this thread has run.
#[cfg(target_os = "linux")]
pub fn cpu_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes to `time` only.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(failed, 0, "the thread's clock is always there");
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52 in a benchmark's life")]
    return time.tv_sec as f64 * 1e9 + time.tv_nsec as f64;
}

/// The nanoseconds that this process has run.
#[cfg(not(target_os = "linux"))]
pub fn cpu_time() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1e9
}
