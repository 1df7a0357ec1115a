//! The shipped hand-over between threads and between tasks: nobody waits for ever, one leads at a time, and a value reaches who
//! waited. A wake-up that is lost is a deadlock to loom, or a task that nobody wakes.

use std::task::{Context, Poll, Wake};

use loom::{
    sync::{
        Arc as LoomArc, Condvar as LoomCondvar, Mutex as LoomMutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use super::*;

fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}

fn table() -> Arc<Table<u64, u64>> {
    Arc::new(Table::new())
}

fn board(table: &Arc<Table<u64, u64>>) -> Boarded<u64, u64> {
    table.board("model", 1, &1, |left, right| left == right)
}

/// What a store would hold, and who computes.
#[derive(Default)]
struct Shared {
    running: AtomicBool,
    bodies: AtomicUsize,
    kept: AtomicUsize,
}

impl Shared {
    /// A call whose first `fail` bodies are abandoned. It returns what it was handed, found or computed.
    fn call(&self, table: &Arc<Table<u64, u64>>, fail: usize, keeps: bool) -> Option<u64> {
        loop {
            match board(table) {
                Boarded::Leads(leader) => {
                    if self.kept.load(SeqCst) > 0 {
                        return Some(5);
                    }
                    assert!(!self.running.swap(true, SeqCst), "two bodies at once");
                    let number = self.bodies.fetch_add(1, SeqCst);
                    self.running.store(false, SeqCst);
                    if number < fail {
                        return None;
                    }
                    let is_awaited = leader.close();
                    if keeps {
                        self.kept.store(1, SeqCst);
                    }
                    leader.end(is_awaited.then(|| Arc::new(5)));
                    return Some(5);
                }
                Boarded::Waits(waiter) => match waiter.wait() {
                    Landed::Value(value) => return Some(*value),
                    Landed::Nothing if self.kept.load(SeqCst) > 0 => return Some(5),
                    Landed::Nothing => {}
                    Landed::Never => unreachable!("there is no circle"),
                },
            }
        }
    }
}

fn calls(threads: usize, fail: usize) {
    check(move || {
        let (table, shared) = (table(), LoomArc::new(Shared::default()));
        let others: Vec<_> = (1..threads)
            .map(|_| {
                let (table, shared) = (Arc::clone(&table), LoomArc::clone(&shared));
                thread::spawn(move || shared.call(&table, fail, true))
            })
            .collect();
        let mut results = vec![shared.call(&table, fail, true)];
        results.extend(others.into_iter().map(|other| other.join().unwrap()));
        assert_eq!(results.iter().filter(|result| result.is_none()).count(), fail);
        assert_eq!(shared.bodies.load(SeqCst), fail + 1);
        assert!(table.flights().is_empty());
    });
}

#[test]
fn two_threads_compute_once() {
    calls(2, 0);
}

#[test]
fn three_threads_compute_once() {
    calls(3, 0);
}

#[test]
fn an_abandoned_flight_hands_over_to_one_of_two() {
    calls(3, 1);
}

/// Wakes a thread of the model.
struct Unpark {
    woken: LoomMutex<bool>,
    changed: LoomCondvar,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

/// Polls when it is woken: hangs, which loom sees, if it is never woken.
fn block_on<F: Future>(future: F) -> F::Output {
    let unpark = Arc::new(Unpark { woken: LoomMutex::new(false), changed: LoomCondvar::new() });
    let waker = Waker::from(Arc::clone(&unpark));
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return result;
        }
        let mut woken = unpark.woken.lock().unwrap();
        while !*woken {
            woken = unpark.changed.wait(woken).unwrap();
        }
        *woken = false;
    }
}

fn leads(table: &Arc<Table<u64, u64>>) -> Leader<u64, u64> {
    match board(table) {
        Boarded::Leads(leader) => leader,
        Boarded::Waits(_) => unreachable!("there is no flight yet"),
    }
}

#[test]
fn a_waker_is_registered_or_the_end_is_seen() {
    check(|| {
        let table = table();
        let leader = leads(&table);
        let other = {
            let table = Arc::clone(&table);
            thread::spawn(move || match board(&table) {
                Boarded::Waits(waiter) => match block_on(waiter) {
                    Landed::Value(value) => assert_eq!(*value, 7),
                    Landed::Nothing => {}
                    Landed::Never => unreachable!("there is no circle"),
                },
                // The flight has ended and left the table.
                Boarded::Leads(leader) => leader.end(None),
            })
        };
        let is_awaited = leader.close();
        leader.end(is_awaited.then(|| Arc::new(7)));
        other.join().unwrap();
        assert!(table.flights().is_empty());
    });
}

#[test]
fn a_task_that_stops_takes_no_wake_up_with_it() {
    check(|| {
        let table = table();
        let leader = leads(&table);
        let [stops, stays] = [false, true].map(|stays| {
            let table = Arc::clone(&table);
            thread::spawn(move || match board(&table) {
                Boarded::Waits(mut waiter) => {
                    if stays {
                        return matches!(block_on(waiter), Landed::Nothing);
                    }
                    // Polled once, and dropped.
                    let mut context = Context::from_waker(Waker::noop());
                    let _ = std::pin::Pin::new(&mut waiter).poll(&mut context);
                    true
                }
                Boarded::Leads(_) => true,
            })
        });
        // Abandoned.
        drop(leader);
        assert!(stops.join().unwrap() && stays.join().unwrap());
        assert!(table.flights().is_empty());
    });
}

/// Who comes when the flight is closed is not handed the value: it may have been forgotten meanwhile.
#[test]
fn a_value_goes_only_to_those_who_came_before_the_closing() {
    check(|| {
        let table = table();
        let leader = leads(&table);
        let kept = LoomArc::new(AtomicBool::new(false));
        let other = {
            let (table, kept) = (Arc::clone(&table), LoomArc::clone(&kept));
            thread::spawn(move || {
                let was_kept = kept.load(SeqCst);
                if let Boarded::Waits(waiter) = board(&table) {
                    let landed = waiter.wait();
                    assert!(!(was_kept && matches!(landed, Landed::Value(_))));
                }
            })
        };
        leader.close();
        kept.store(true, SeqCst);
        leader.end(Some(Arc::new(7)));
        other.join().unwrap();
    });
}
