//! What does it cost that an object changes, against a field for the result that is reset by hand?

use std::hint::black_box;

use self::subjects::{
    ByHand, Keyed, KeyedByHand, Number, Numbers, Simulation, SimulationByHand, Unsync,
};
use crate::{
    harness::{
        Contender, Effort,
        Kind::{Ours, Reference},
        Times, measure,
    },
    report::{Report, Table, nanos, times},
    subjects::keys,
};

mod subjects;

/// What our time may be at most: so many times that of the other, and so many nanoseconds more.
#[derive(Clone, Copy)]
struct Limit {
    times: f64,
    extra: f64,
}

impl Limit {
    /// Issue 9's, for a step that uses what a change has left.
    const BY_HAND: Self = Self { times: 1.5, extra: 3.0 };
    /// As for a setter on an instance without caches.
    const SETTER: Self = Self { times: 1.0, extra: 1.0 };
    /// A hit costs what it did before.
    const UNCHANGED: Self = Self { times: 1.1, extra: 0.0 };

    fn text(self) -> String {
        match self {
            Self { times: 1.0, extra } => format!("{extra:+.1} ns"),
            Self { times, extra: 0.0 } => format!("{times:.2}×"),
            Self { times, extra } => format!("{times:.2}× {extra:+.1} ns"),
        }
    }

    /// Whether the first contender keeps to it. The ratio is that of the rounds, which a busy machine disturbs less.
    fn holds(self, found: &Times, other: usize) -> bool {
        found.ratio(0, other) <= self.times + self.extra / found.nanos(other)
    }
}

/// Some work, the ways to do it, of which the first is ours, and what ours may cost at most, against the second.
struct Row {
    title: &'static str,
    contenders: Vec<Contender>,
    limit: Limit,
}

impl Row {
    fn new(title: &'static str, limit: Limit) -> Self {
        Self { title, contenders: Vec::new(), limit }
    }

    fn ours<S: 'static>(
        mut self,
        subject: S,
        call: impl FnMut(&mut S, u64) -> u64 + 'static,
    ) -> Self {
        self.contenders.push(calls("memo", subject, call));
        self
    }

    fn by<S: 'static>(
        mut self,
        name: &str,
        subject: S,
        call: impl FnMut(&mut S, u64) -> u64 + 'static,
    ) -> Self {
        self.contenders.push(calls(name, subject, call));
        self
    }
}

fn calls<S: 'static>(
    name: &str,
    mut subject: S,
    mut call: impl FnMut(&mut S, u64) -> u64 + 'static,
) -> Contender {
    let kind = if name == "memo" { Ours } else { Reference };
    Contender::calls(name, kind, move |number| call(black_box(&mut subject), number))
}

const HAND: &str = "by hand";

pub fn report(effort: &Effort, report: &mut Report) {
    let head = ["mutation", "ns", "against", "ns", "measured", "at most", "met"];
    let mut table = Table::new(head);
    for mut row in hits().into_iter().chain(setters()).chain(steps()).chain(guards()) {
        eprintln!("measuring: {}", row.title);
        let found = measure(effort, &mut row.contenders);
        for (other, name, _) in found.names().skip(1) {
            let is_goal = other == 1;
            table.row(vec![
                row.title.to_owned(),
                nanos(found.nanos(0)),
                name.to_owned(),
                nanos(found.nanos(other)),
                measured(row.limit, &found, other),
                if is_goal { row.limit.text() } else { String::new() },
                match (is_goal, row.limit.holds(&found, other)) {
                    (false, _) => "",
                    (true, true) => "yes",
                    (true, false) => "**no**",
                }
                .to_owned(),
            ]);
        }
    }
    report.add("mutation", "Mutation (issue 9)", &table);
}

fn measured(limit: Limit, found: &Times, other: usize) -> String {
    match limit {
        Limit { times: 1.0, .. } => format!("{:+.1} ns", found.difference(0, other)),
        _ => times(found.ratio(0, other)),
    }
}

/// A hit on an instance that was changed, against the same on one that was not.
fn hits() -> Vec<Row> {
    const FRESH: &str = "before any change";
    /// Makes `subject` change in a way, with results before and after.
    fn changed<S>(mut subject: S, warm: impl Fn(&S) -> u64, change: impl FnOnce(&mut S)) -> S {
        warm(&subject);
        change(&mut subject);
        warm(&subject);
        subject
    }
    let once = |title, change: fn(&mut Numbers)| {
        let warm = |numbers: &Numbers| numbers.none() ^ numbers.of_other();
        let hit = |numbers: &mut Numbers, _| numbers.none();
        Row::new(title, Limit::UNCHANGED).ours(changed(Numbers::new(), warm, change), hit).by(
            FRESH,
            Numbers::new(),
            hit,
        )
    };
    let single = |title, change: fn(&mut Number)| {
        let hit = |number: &mut Number, _| number.none();
        Row::new(title, Limit::UNCHANGED)
            .ours(changed(Number::new(), Number::none, change), hit)
            .by(FRESH, Number::new(), hit)
    };
    let keyed = |title, change: fn(&mut Keyed)| {
        let keys = keys::numbers(512);
        let mut row = Row::new(title, Limit::UNCHANGED);
        let warm = |keyed: &Keyed| keyed.of_other() ^ keyed.get(0);
        let keyed = changed(Keyed::new(), warm, |keyed| {
            keys.in_other_order(|&key| {
                keyed.get(key);
            });
            change(keyed);
        });
        let fresh = Keyed::new();
        row.contenders
            .push(Contender::hits("memo", Ours, &keys, move |&key| black_box(&keyed).get(key)));
        row.contenders
            .push(Contender::hits(FRESH, Reference, &keys, move |&key| black_box(&fresh).get(key)));
        row
    };
    vec![
        once("hit, no arguments, after a change of the field it reads", |it| it.set_read(1)),
        once("hit, no arguments, after a change of an unread field", |it| it.set_unread(4)),
        once("hit, no arguments, after a method with a guard", |it| _ = it.advance(1)),
        single("hit, no arguments, the only method, after a change of the field", |it| {
            it.set_read(1);
        }),
        keyed("hit, `u64`, after a change of the field it reads", |it| it.set_read(1)),
        keyed("hit, `u64`, after a change of an unread field", |it| it.set_unread(4)),
        keyed("hit, `u64`, after a method with a guard", |it| _ = it.advance(1)),
    ]
}

/// Setters, against those by hand.
fn setters() -> Vec<Row> {
    let warm = || {
        let numbers = Numbers::new();
        numbers.of_other();
        numbers.none();
        numbers
    };
    let emptied = || {
        let mut numbers = warm();
        numbers.set_read(1);
        numbers
    };
    let unsync = Unsync::new();
    unsync.of_other();
    vec![
        Row::new("setter of an unread field, all cached", Limit::SETTER)
            .ours(warm(), |it, n| (it.set_unread(n), n).1)
            .by(HAND, ByHand::new(), |it, n| (it.set_unread(n), n).1),
        Row::new("setter of a read field, never called", Limit::SETTER)
            .ours(Numbers::new(), |it, n| (it.set_read(n), n).1)
            .by(HAND, ByHand::new(), |it, n| (it.set_read(n), n).1),
        Row::new("setter of a read field, nothing cached that reads it", Limit::SETTER)
            .ours(emptied(), |it, n| (it.set_read(n), n).1)
            .by(HAND, ByHand::new(), |it, n| (it.set_read(n), n).1),
        Row::new("setter and recomputation, other results stay", Limit::BY_HAND)
            .ours(warm(), |it, n| (it.set_read(n), it.none()).1)
            .by(HAND, ByHand::new(), |it, n| (it.set_read(n), it.none()).1),
        Row::new("setter and recomputation, the only method", Limit::BY_HAND)
            .ours(Number::new(), |it, n| (it.set_read(n), it.none()).1)
            .by(HAND, ByHand::new(), |it, n| (it.set_read(n), it.none()).1),
        Row::new("setter and recomputation, `unsync`", Limit::BY_HAND)
            .ours(unsync, |it, n| (it.set_read(n), it.none()).1)
            .by(HAND, ByHand::new(), |it, n| (it.set_read(n), it.none()).1),
        Row::new("setter and recomputation, `u64`", Limit::BY_HAND)
            .ours(Keyed::new(), |it, n| (it.set_read(n), it.get(n)).1)
            .by(HAND, KeyedByHand::new(), |it, n| (it.set_read(n), it.get(n)).1),
        Row::new("builder of an unread field, all cached", Limit::SETTER)
            .ours(warm(), |it, n| (it.build_unread(n).build_unread(n ^ 1), n).1)
            .by(HAND, ByHand::new(), |it, n| (it.build_unread(n).build_unread(n ^ 1), n).1),
        Row::new("builder of an unread field, and a hit", Limit::BY_HAND)
            .ours(warm(), |it, n| it.build_unread(n).none())
            .by(HAND, ByHand::new(), |it, n| it.build_unread(n).none()),
        Row::new("builder of a read field, and recomputation", Limit::BY_HAND)
            .ours(warm(), |it, n| it.build_read(n).none())
            .by(HAND, ByHand::new(), |it, n| it.build_read(n).none()),
    ]
}

/// The index of an element, another one in each call.
fn at(number: u64) -> usize {
    let number = number % 512;
    usize::try_from(number).unwrap_or_default()
}

/// Methods that change one part and use what is computed from another.
fn steps() -> Vec<Row> {
    type Step<S> = fn(&mut S, usize) -> f64;
    let row = |title, ours: Step<Simulation>, by_hand: Step<SimulationByHand>| {
        Row::new(title, Limit::BY_HAND)
            .ours(Simulation::new(), move |it, n| ours(it, at(n)).to_bits())
            .by(HAND, SimulationByHand::new(), move |it, n| by_hand(it, at(n)).to_bits())
    };
    vec![
        row(
            "`step()`, `f64`, one element",
            Simulation::step_by_factor,
            SimulationByHand::step_by_factor,
        ),
        row(
            "`step()`, `returns = \"ref\"`, one element",
            Simulation::step_by_matrix,
            SimulationByHand::step_by_matrix,
        ),
        row(
            "`step()`, `f64`, 1,000 elements",
            Simulation::sweep_by_factor,
            SimulationByHand::sweep_by_factor,
        ),
        row(
            "`step()`, `returns = \"ref\"`, 1,000 elements",
            Simulation::sweep_by_matrix,
            SimulationByHand::sweep_by_matrix,
        ),
        row(
            "`step()`, `returns = \"ref\"`, 1,000 calls",
            Simulation::sweep_by_calls,
            SimulationByHand::sweep_by_calls,
        ),
    ]
}

/// Methods that change what their memoized calls read.
fn guards() -> Vec<Row> {
    const ANEW: &str = "by hand, recomputes";
    const FIELD: &str = "by hand, a field";
    #[allow(clippy::cast_precision_loss, reason = "any number will do")]
    let param = |number: u64| (number % 1024) as f64;
    vec![
        Row::new("change between two calls, a body that costs nothing", Limit::BY_HAND)
            .ours(Numbers::new(), Numbers::advance)
            .by(ANEW, ByHand::new(), ByHand::advance_anew)
            .by(FIELD, ByHand::new(), ByHand::advance),
        Row::new("change between two calls, a sum of 1,000", Limit::BY_HAND)
            .ours(Simulation::new(), move |it, n| it.refit(at(n), param(n)).to_bits())
            .by(ANEW, SimulationByHand::new(), move |it, n| {
                it.refit_anew(at(n), param(n)).to_bits()
            })
            .by(FIELD, SimulationByHand::new(), move |it, n| it.refit(at(n), param(n)).to_bits()),
    ]
}
