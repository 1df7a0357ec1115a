//! A vector with its operators, and a state machine, behave as unmemoized.

use std::collections::BTreeSet;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, ControlFlow, Mul, Neg, Sub};
use std::str::FromStr;

use memo_runtime::memoize;
use serde::{Deserialize, Serialize};

#[memoize]
#[derive(Debug, Clone, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vec2 {
    x: f64,
    y: f64,
}

#[memoize]
impl Vec2 {
    #[must_use]
    fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    #[memoize]
    #[must_use]
    fn length(&self) -> f64 {
        self.x.hypot(self.y)
    }

    #[must_use]
    fn dot(&self, Self { x, y }: &Self) -> f64 {
        self.x.mul_add(*x, self.y * y)
    }

    #[must_use]
    fn normalized(self) -> Option<Self> {
        let length = self.length();
        (length > 0.0).then(|| Self { x: self.x / length, y: self.y / length })
    }

    fn map(&mut self, mut f: impl FnMut(f64) -> f64) {
        let Self { x, y } = self;
        *x = f(*x);
        *y = f(*y);
    }

    #[must_use]
    fn with_x(mut self, x: f64) -> Self {
        self.x = x;
        self
    }
}

#[memoize]
impl Add for Vec2 {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }
}

#[memoize]
impl Add<&Vec2> for &Vec2 {
    type Output = Vec2;

    fn add(self, other: &Vec2) -> Vec2 {
        Vec2::new(self.x + other.x, self.y + other.y)
    }
}

#[memoize]
impl Sub for Vec2 {
    type Output = Vec2;

    fn sub(mut self, Vec2 { x, y }: Vec2) -> Vec2 {
        self.x -= x;
        self.y -= y;
        self
    }
}

#[memoize]
impl AddAssign for Vec2 {
    fn add_assign(&mut self, other: Self) {
        self.x += other.x;
        self.y += other.y;
    }
}

#[memoize]
impl Mul<f64> for Vec2 {
    type Output = Self;

    fn mul(self, by: f64) -> Self {
        Self { x: self.x * by, ..self }.with_y(|y| y * by)
    }
}

#[memoize]
impl Vec2 {
    fn with_y(mut self, f: impl FnOnce(f64) -> f64) -> Self {
        self.y = f(self.y);
        self
    }
}

#[memoize]
impl Neg for Vec2 {
    type Output = Self;

    fn neg(self) -> Self {
        Self { x: -self.x, y: -self.y }
    }
}

#[memoize]
impl Sum for Vec2 {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), |a, b| a + b)
    }
}

#[memoize]
impl<'a> Sum<&'a Self> for Vec2 {
    fn sum<I>(iter: I) -> Self
    where
        I: Iterator<Item = &'a Self>,
    {
        let mut total = Self { x: 0.0, y: 0.0 };
        for Self { x, y } in iter {
            total.x += x;
            total.y += y;
        }
        total
    }
}

#[memoize]
impl From<(f64, f64)> for Vec2 {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

#[memoize]
impl FromStr for Vec2 {
    type Err = Box<dyn std::error::Error>;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (x, y) = s.split_once(',').ok_or("no comma")?;
        Ok(Self { x: x.trim().parse()?, y: y.trim().parse()? })
    }
}

#[memoize]
impl fmt::Display for Vec2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { x, y } = self;
        write!(f, "({x}, {y})")
    }
}

#[test]
fn a_vector_keeps_its_length_up_to_date() {
    let mut v = Vec2::new(3.0, 4.0);
    assert_eq!(v.length(), 5.0);
    v += (3.0, 4.0).into();
    assert_eq!(v.length(), 10.0);
    v.map(|x| x / 2.0);
    assert_eq!(v.length(), 5.0);
    let v = v.with_x(0.0);
    assert_eq!(v.length(), 4.0);
    let w = &v + &v;
    assert_eq!(w.length(), 8.0);
    assert_eq!((w.clone() - v.clone()).length(), 4.0);
    assert_eq!((-w.clone() * 2.0).length(), 16.0);
    assert_eq!([v.clone(), w.clone()].iter().sum::<Vec2>().length(), 12.0);
    assert_eq!([v.clone(), w.clone()].into_iter().sum::<Vec2>().length(), 12.0);
    assert_eq!("3, 4".parse::<Vec2>().unwrap().length(), 5.0);
    assert_eq!(format!("{v} {v:?}"), "(0, 4) Vec2 { x: 0.0, y: 4.0, memo: <caches> }");
    let text = serde_json::to_string(&w).unwrap();
    assert_eq!(text, r#"{"x":0.0,"y":8.0}"#);
    let mut back: Vec2 = serde_json::from_str(&text).unwrap();
    assert_eq!(back.length(), 8.0);
    back.clone_from(&v);
    assert_eq!(back.length(), 4.0);
    assert_eq!(v.dot(&w), 32.0);
    assert_eq!(v.normalized().unwrap().length(), 1.0);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
enum State {
    #[default]
    Idle,
    Running {
        since: u32,
    },
    Done(u8),
}

#[memoize]
#[derive(Debug, Default)]
struct Machine {
    state: State,
    clock: u32,
    history: Vec<State>,
}

#[memoize]
impl Machine {
    #[memoize]
    fn label(&self) -> String {
        match self.state {
            State::Idle => "idle".into(),
            State::Running { since } => format!("running {}", self.clock - since),
            State::Done(code) => format!("done {code}"),
        }
    }

    #[memoize]
    fn distinct(&self) -> usize {
        self.history.iter().collect::<BTreeSet<_>>().len()
    }

    fn step(&mut self) -> ControlFlow<u8> {
        self.clock += 1;
        let next = match &mut self.state {
            State::Idle => State::Running { since: self.clock },
            State::Running { since } if self.clock - *since < 2 => {
                return ControlFlow::Continue(());
            }
            State::Running { .. } => State::Done(7),
            State::Done(code) => return ControlFlow::Break(*code),
        };
        self.history.push(std::mem::replace(&mut self.state, next));
        ControlFlow::Continue(())
    }

    fn run(&mut self, mut log: impl FnMut(&str)) -> u8 {
        loop {
            log(&self.label());
            if let ControlFlow::Break(code) = self.step() {
                log(&self.label());
                break code;
            }
        }
    }
}

#[test]
fn a_machine_keeps_its_label_up_to_date() {
    let mut machine = Machine::default();
    let mut lines = Vec::new();
    assert_eq!(machine.run(|line| lines.push(line.to_owned())), 7);
    assert_eq!(lines, ["idle", "running 0", "running 1", "done 7", "done 7"]);
    assert_eq!(machine.distinct(), 2);
}
