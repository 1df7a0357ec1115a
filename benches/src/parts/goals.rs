//! Does a hit cost what issues 5 and 10 ask for?

use crate::{
    harness::{Contender, Effort, Kind, Times, measure},
    report::{Report, Table, nanos, times},
};

pub mod rows;

/// What our time may be at most.
#[derive(Clone, Copy)]
pub enum Limit {
    /// A multiple of the other's.
    Multiple(f64),
    /// So many nanoseconds more than the other's.
    Extra(f64),
}

/// A goal of a row.
pub struct Goal {
    /// The other contender; `None` for the best peer.
    pub against: Option<&'static str>,
    pub limit: Limit,
}

/// Some work, and the ways to do it; the first one is ours.
pub struct Row {
    pub title: &'static str,
    pub contenders: Vec<Contender>,
    pub goals: Vec<Goal>,
    /// How much longer than usual a round has to be, for the caches of the machine to fill.
    pub longer: u32,
}

impl Row {
    fn new(title: &'static str) -> Self {
        Self { title, contenders: Vec::new(), goals: Vec::new(), longer: 1 }
    }
    fn goal(mut self, against: &'static str, limit: Limit) -> Self {
        self.goals.push(Goal { against: Some(against), limit });
        self
    }
    fn goal_for_peers(mut self, limit: Limit) -> Self {
        self.goals.push(Goal { against: None, limit });
        self
    }
    fn with(mut self, contender: Contender) -> Self {
        self.contenders.push(contender);
        self
    }
    fn longer(mut self, longer: u32) -> Self {
        self.longer = longer;
        self
    }
}

pub fn report(effort: &Effort, report: &mut Report) {
    let mut goals = Table::new(["hit", "ns", "against", "ns", "measured", "at most", "goal"]);
    let mut others = Table::new(["hit", "ns", "others: ns (multiple of ours)"]);
    for make in rows::ALL {
        let mut row = make(effort);
        eprintln!("measuring: {}", row.title);
        let found = measure(&effort.longer(row.longer), &mut row.contenders);
        for goal in &row.goals {
            goals.row(judge(&row, goal, &found));
        }
        others.row(vec![row.title.to_owned(), nanos(found.nanos(0)), list(&found)]);
    }
    report.add("goals", "Goals", &goals);
    report.add("peers", "The same hits, and others", &others);
}

fn judge(row: &Row, goal: &Goal, found: &Times) -> Vec<String> {
    let other = match goal.against {
        Some(name) => found.index(name),
        None => found.best_peer().expect("a goal against peers needs one"),
    };
    let (measured, limit, met) = match goal.limit {
        Limit::Multiple(limit) => {
            let ratio = found.ratio(0, other);
            (times(ratio), times(limit), ratio <= limit)
        }
        Limit::Extra(limit) => {
            let extra = found.difference(0, other);
            (format!("{extra:+.1} ns"), format!("{limit:+.1} ns"), extra <= limit)
        }
    };
    let name = found.names().nth(other).map_or("", |(_, name, _)| name);
    let against =
        if goal.against.is_none() { format!("best peer: {name}") } else { name.to_owned() };
    vec![
        row.title.to_owned(),
        nanos(found.nanos(0)),
        against,
        nanos(found.nanos(other)),
        measured,
        limit,
        if met { "met" } else { "**short**" }.to_owned(),
    ]
}

/// All but the first, the fastest first.
pub fn list(found: &Times) -> String {
    let mut others: Vec<(usize, &str, Kind)> = found.names().skip(1).collect();
    others.sort_by(|left, right| found.nanos(left.0).total_cmp(&found.nanos(right.0)));
    let others = others.iter().map(|&(index, name, _)| {
        format!("{name} {} ({})", nanos(found.nanos(index)), times(found.ratio(index, 0)))
    });
    others.collect::<Vec<_>>().join(", ")
}
