//! Which flights need each other, so that none ever waits for itself?
//!
//! Each thread knows the flights whose bodies it runs at the moment: the last one is the *context* of a call. A miss in a context
//! makes an edge from it to the flight that it computes or waits for. All edges are made under one lock, and before one is
//! made that is waited for, the way from its end is followed: if it leads back, nobody would ever end. Whoever would close such a
//! circle panics instead, and so ends its own flights.
//!
//! Misses outside of all bodies have no context, make no edges, and never come here.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    marker::PhantomData,
    mem::ManuallyDrop,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// Names a flight in a process: never twice the same number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id {
    number: u64,
    /// The method, as `Type::method`.
    name: &'static str,
}

impl Id {
    pub(crate) fn new(name: &'static str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { number: NEXT.fetch_add(1, Relaxed), name }
    }
}

/// A flight that this thread leads at the moment.
#[derive(Clone, Copy)]
struct Running {
    id: Id,
    /// Whether the body runs, and not what comes before and after it: code of keys and values.
    in_body: bool,
}

// Never dropped, so that destructors of other thread-locals may call too; the last frame frees it.
#[cfg(not(loom))]
thread_local! {
    static RUNNING: ManuallyDrop<RefCell<Vec<Running>>> = const { ManuallyDrop::new(RefCell::new(Vec::new())) };
}
#[cfg(loom)]
loom::thread_local! {
    static RUNNING: ManuallyDrop<RefCell<Vec<Running>>> = ManuallyDrop::new(RefCell::new(Vec::new()));
}

/// Whether this thread still knows what it runs: on some platforms, not while its thread-locals are being dropped.
pub(crate) fn is_known() -> bool {
    RUNNING.try_with(|_| ()).is_ok()
}

fn running<R>(look: impl FnOnce(&mut Vec<Running>) -> R) -> Option<R> {
    RUNNING.try_with(|running| look(&mut running.borrow_mut())).ok()
}

fn innermost() -> Option<Running> {
    running(|running| running.last().copied()).flatten()
}

/// The flight in whose body this is, or in what comes before and after it.
pub(crate) fn context() -> Option<u64> {
    innermost().map(|running| running.id.number)
}

/// Says that this thread leads a flight, for as long as it lives.
pub(crate) struct Frame {
    depth: usize,
    /// It stays on its thread.
    thread: PhantomData<*mut ()>,
}

impl Frame {
    pub(crate) fn enter(id: Id, in_body: bool) -> Self {
        let depth = running(|running| {
            running.push(Running { id, in_body });
            running.len() - 1
        });
        Self { depth: depth.unwrap_or(usize::MAX), thread: PhantomData }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        running(|running| {
            running.truncate(self.depth);
            if running.is_empty() {
                *running = Vec::new();
            }
        });
    }
}

/// Which flights need which.
static EDGES: Mutex<BTreeMap<u64, Vec<Id>>> = Mutex::new(BTreeMap::new());

fn edges() -> MutexGuard<'static, BTreeMap<u64, Vec<Id>>> {
    EDGES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The edges from the flights in a context to one that they need, for as long as it lives.
pub(crate) struct Edges {
    from: Vec<u64>,
    to: u64,
}

impl Drop for Edges {
    fn drop(&mut self) {
        let mut edges = edges();
        for from in &self.from {
            if let Some(needed) = edges.get_mut(from) {
                if let Some(index) = needed.iter().position(|id| id.number == self.to) {
                    needed.swap_remove(index);
                }
                if needed.is_empty() {
                    edges.remove(from);
                }
            }
        }
    }
}

/// Waiting would never end.
pub(crate) enum Circle {
    /// The body that runs has to panic, with this message.
    InBody(String),
    /// It is asked for by code of a key or value, and not by a body: that computes by itself.
    Around,
}

/// The context computes a new flight.
pub(crate) fn computes(flight: Id) -> Option<Edges> {
    let from = vec![context()?];
    edges().entry(from[0]).or_default().push(flight);
    Some(Edges { from, to: flight.number })
}

/// The context is about to wait for a flight. If the whole thread `stops`, all that it runs waits.
pub(crate) fn waits(flight: Id, stops: bool) -> Result<Option<Edges>, Circle> {
    let Some(innermost) = innermost() else { return Ok(None) };
    let from = if stops {
        running(|running| running.iter().map(|running| running.id.number).collect())
    } else {
        None
    };
    let mut from: Vec<u64> = from.unwrap_or_else(|| vec![innermost.id.number]);
    // A flight is there twice while its body runs.
    from.dedup();
    let way = {
        let mut edges = edges();
        let way =
            way(&edges, flight, &[innermost.id.number]).or_else(|| way(&edges, flight, &from));
        if way.is_none() {
            for &from in &from {
                edges.entry(from).or_default().push(flight);
            }
        }
        way
    };
    match way {
        None => Ok(Some(Edges { from, to: flight.number })),
        Some(way) if innermost.in_body => Err(Circle::InBody(message(flight, &way))),
        Some(_) => Err(Circle::Around),
    }
}

/// The flights on a way from `start` to one of `ends`.
fn way(edges: &BTreeMap<u64, Vec<Id>>, start: Id, ends: &[u64]) -> Option<Vec<Id>> {
    // Each with the index of the one before it.
    let mut seen = vec![(start, 0)];
    let mut numbers = BTreeSet::from([start.number]);
    let mut next = 0;
    while next < seen.len() {
        let (id, _) = seen[next];
        if ends.contains(&id.number) {
            let mut way = vec![id];
            while next > 0 {
                next = seen[next].1;
                way.push(seen[next].0);
            }
            way.reverse();
            return Some(way);
        }
        for &needed in edges.get(&id.number).into_iter().flatten() {
            if numbers.insert(needed.number) {
                seen.push((needed, next));
            }
        }
        next += 1;
    }
    None
}

/// `Rates::rate needs its own result: rate → spread → rate; …`. The type is said once if it is the same.
fn message(flight: Id, way: &[Id]) -> String {
    let owner = |id: &Id| id.name.rsplit_once("::").map_or("", |(owner, _)| owner);
    let is_one = way.iter().all(|id| owner(id) == owner(&flight));
    let short = |id: &Id| match id.name.rsplit_once("::") {
        Some((_, method)) if is_one => method,
        _ => id.name,
    };
    let mut message = format!("{} needs its own result: ", flight.name);
    for id in way {
        // Writing to a string does not fail.
        let _ = write!(message, "{} → ", short(id));
    }
    message.push_str(short(&flight));
    message.push_str("; a `single_flight` method must not ask for the key that it is computing");
    message
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn says(circle: Result<Option<Edges>, Circle>) -> String {
        match circle {
            Err(Circle::InBody(message)) => message,
            Err(Circle::Around) => "around".into(),
            Ok(_) => "none".into(),
        }
    }

    #[test]
    fn a_circle_is_found_across_threads_and_named() {
        let [a, b, c] = ["T::a", "T::b", "c"].map(Id::new);
        let elsewhere = std::thread::spawn(move || {
            // A thread in `a` computes `b`, which waits for `c`.
            let _a = Frame::enter(a, true);
            let computing = computes(b);
            let _b = Frame::enter(b, true);
            (computing, waits(c, false).ok())
        });
        let held = elsewhere.join().expect("no panic");
        let _c = Frame::enter(c, true);
        assert_eq!(
            says(waits(a, true)),
            "T::a needs its own result: T::a → T::b → c → T::a; a `single_flight` method must not ask for the key that it is computing"
        );
        assert!(says(waits(b, false)).starts_with("T::b needs its own result: T::b → c → T::b;"));
        drop(held);
        assert_eq!(says(waits(a, true)), "none");
    }

    #[test]
    fn code_around_a_body_does_not_panic() {
        let a = Id::new("T::a");
        let _around = Frame::enter(a, false);
        assert_eq!(says(waits(a, true)), "around");
        {
            let _body = Frame::enter(a, true);
            assert!(says(waits(a, true)).starts_with("T::a needs its own result: a → a; "));
        }
        assert_eq!(says(waits(a, true)), "around");
    }

    #[test]
    fn outside_of_bodies_there_are_no_edges() {
        let a = Id::new("a");
        assert!(matches!(waits(a, true), Ok(None)));
        assert!(computes(a).is_none());
    }

    #[test]
    fn a_thread_that_stops_stops_all_that_it_runs() {
        let [outer, task] = ["outer", "task"].map(Id::new);
        // `outer` runs an executor, and that a task which nothing leads to.
        let _outer = Frame::enter(outer, true);
        let _task = Frame::enter(task, true);
        assert_eq!(says(waits(outer, false)), "none");
        assert!(says(waits(outer, true)).starts_with("outer needs its own result"));
    }
}
