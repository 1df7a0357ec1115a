//! Objects that change, memoized and by hand. Their methods are called alike.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    mem,
};

use foldhash::fast::RandomState;
use memo_runtime::memoize;

use crate::subjects::body::one;

pub const ELEMENTS: u32 = 1000;

/// Two memoized methods that read different fields: a change of one leaves the other's result.
#[memoize]
pub struct Numbers {
    read: u64,
    other: u64,
    unread: u64,
}

#[memoize]
impl Numbers {
    pub fn new() -> Self {
        Self { read: 1, other: 2, unread: 3 }
    }
    #[memoize]
    #[inline]
    pub fn none(&self) -> u64 {
        one(self.read)
    }
    #[memoize]
    #[inline]
    pub fn of_other(&self) -> u64 {
        one(self.other)
    }
    pub fn set_read(&mut self, value: u64) {
        self.read = value;
    }
    pub fn set_unread(&mut self, value: u64) {
        self.unread = value;
    }
    pub fn build_read(&mut self, value: u64) -> &mut Self {
        self.read = value;
        self
    }
    pub fn build_unread(&mut self, value: u64) -> &mut Self {
        self.unread = value;
        self
    }
    /// What is computed before the change must not be kept.
    pub fn advance(&mut self, value: u64) -> u64 {
        let before = self.none();
        self.read = value;
        before ^ self.none()
    }
}

/// The same with one memoized method.
#[memoize]
pub struct Number {
    read: u64,
}

#[memoize]
impl Number {
    pub fn new() -> Self {
        Self { read: 1 }
    }
    #[memoize]
    #[inline]
    pub fn none(&self) -> u64 {
        one(self.read)
    }
    pub fn set_read(&mut self, value: u64) {
        self.read = value;
    }
}

/// [`Number`] for one thread, beside a method that reads something else.
#[memoize]
pub struct Unsync {
    read: u64,
    other: u64,
}

#[memoize]
impl Unsync {
    pub fn new() -> Self {
        Self { read: 1, other: 2 }
    }
    #[memoize(unsync)]
    #[inline]
    pub fn none(&self) -> u64 {
        one(self.read)
    }
    #[memoize(unsync)]
    #[inline]
    pub fn of_other(&self) -> u64 {
        one(self.other)
    }
    pub fn set_read(&mut self, value: u64) {
        self.read = value;
    }
}

/// A method with an argument beside one that reads something else.
#[memoize]
pub struct Keyed {
    read: u64,
    other: u64,
    unread: u64,
}

#[memoize]
impl Keyed {
    pub fn new() -> Self {
        Self { read: 1, other: 2, unread: 3 }
    }
    #[memoize]
    #[inline]
    pub fn get(&self, a: u64) -> u64 {
        one(a ^ self.read)
    }
    #[memoize]
    #[inline]
    pub fn of_other(&self) -> u64 {
        one(self.other)
    }
    pub fn set_read(&mut self, value: u64) {
        self.read = value;
    }
    pub fn set_unread(&mut self, value: u64) {
        self.unread = value;
    }
    pub fn advance(&mut self, value: u64) -> u64 {
        let before = self.get(0);
        self.read = value;
        before ^ self.get(0)
    }
}

/// [`Numbers`], [`Number`] and [`Keyed`] by hand.
pub struct ByHand {
    read: u64,
    unread: u64,
    none: Cell<Option<u64>>,
}

impl ByHand {
    pub fn new() -> Self {
        Self { read: 1, unread: 3, none: Cell::new(None) }
    }
    #[inline]
    pub fn none(&self) -> u64 {
        if let Some(value) = self.none.get() {
            return value;
        }
        let value = one(self.read);
        self.none.set(Some(value));
        value
    }
    pub fn set_read(&mut self, value: u64) {
        self.read = value;
        self.none.set(None);
    }
    pub fn set_unread(&mut self, value: u64) {
        self.unread = value;
    }
    pub fn build_read(&mut self, value: u64) -> &mut Self {
        self.set_read(value);
        self
    }
    pub fn build_unread(&mut self, value: u64) -> &mut Self {
        self.unread = value;
        self
    }
    pub fn advance(&mut self, value: u64) -> u64 {
        let before = self.none();
        self.set_read(value);
        before ^ self.none()
    }
    /// Without a field for the result.
    pub fn advance_anew(&mut self, value: u64) -> u64 {
        let before = one(self.read);
        self.read = value;
        before ^ one(self.read)
    }
}

/// [`Keyed`] by hand.
pub struct KeyedByHand {
    read: u64,
    map: RefCell<HashMap<u64, u64, RandomState>>,
}

impl KeyedByHand {
    pub fn new() -> Self {
        Self { read: 1, map: RefCell::default() }
    }
    #[inline]
    pub fn get(&self, a: u64) -> u64 {
        if let Some(value) = self.map.borrow().get(&a) {
            return *value;
        }
        let value = one(a ^ self.read);
        self.map.borrow_mut().insert(a, value);
        value
    }
    pub fn set_read(&mut self, value: u64) {
        self.read = value;
        self.map.get_mut().clear();
    }
}

fn params() -> Vec<f64> {
    (0..ELEMENTS).map(f64::from).collect()
}

fn matrix(params: &[f64]) -> Vec<f64> {
    params.iter().map(|param| param.sqrt()).collect()
}

fn factor(params: &[f64]) -> f64 {
    params.iter().sum()
}

/// Steps change the state, and use what is computed from the parameters.
#[memoize]
pub struct Simulation {
    params: Vec<f64>,
    state: Vec<f64>,
}

#[memoize]
impl Simulation {
    pub fn new() -> Self {
        Self { params: params(), state: params() }
    }
    #[memoize(returns = "ref")]
    #[inline]
    fn matrix(&self) -> Vec<f64> {
        matrix(&self.params)
    }
    #[memoize]
    #[inline]
    fn factor(&self) -> f64 {
        factor(&self.params)
    }
    pub fn step_by_matrix(&mut self, at: usize) -> f64 {
        self.state[at] += self.matrix()[at];
        self.state[at]
    }
    pub fn step_by_factor(&mut self, at: usize) -> f64 {
        self.state[at] += self.factor();
        self.state[at]
    }
    /// A call for each element: a result cannot be held while the state changes.
    pub fn sweep_by_calls(&mut self, at: usize) -> f64 {
        for index in 0..self.state.len() {
            self.state[index] += self.matrix()[index];
        }
        self.state[at]
    }
    /// Unless the state is somewhere else meanwhile.
    pub fn sweep_by_matrix(&mut self, at: usize) -> f64 {
        let mut state = mem::take(&mut self.state);
        for (element, entry) in state.iter_mut().zip(self.matrix()) {
            *element += entry;
        }
        self.state = state;
        self.state[at]
    }
    pub fn sweep_by_factor(&mut self, at: usize) -> f64 {
        let factor = self.factor();
        for element in &mut self.state {
            *element += factor;
        }
        self.state[at]
    }
    pub fn refit(&mut self, at: usize, param: f64) -> f64 {
        let before = self.factor();
        self.params[at] = param;
        before - self.factor()
    }
}

/// [`Simulation`] by hand.
pub struct SimulationByHand {
    params: Vec<f64>,
    state: Vec<f64>,
    matrix: OnceCell<Vec<f64>>,
    factor: Cell<Option<f64>>,
}

impl SimulationByHand {
    pub fn new() -> Self {
        let (params, state) = (params(), params());
        Self { params, state, matrix: OnceCell::new(), factor: Cell::new(None) }
    }
    #[inline]
    fn matrix(&self) -> &[f64] {
        self.matrix.get_or_init(|| matrix(&self.params))
    }
    #[inline]
    fn factor(&self) -> f64 {
        if let Some(factor) = self.factor.get() {
            return factor;
        }
        let factor = factor(&self.params);
        self.factor.set(Some(factor));
        factor
    }
    pub fn step_by_matrix(&mut self, at: usize) -> f64 {
        self.state[at] += self.matrix()[at];
        self.state[at]
    }
    pub fn step_by_factor(&mut self, at: usize) -> f64 {
        self.state[at] += self.factor();
        self.state[at]
    }
    pub fn sweep_by_calls(&mut self, at: usize) -> f64 {
        for index in 0..self.state.len() {
            self.state[index] += self.matrix()[index];
        }
        self.state[at]
    }
    pub fn sweep_by_matrix(&mut self, at: usize) -> f64 {
        self.matrix();
        let Some(matrix) = self.matrix.get() else { unreachable!("it was just made") };
        for (element, entry) in self.state.iter_mut().zip(matrix) {
            *element += entry;
        }
        self.state[at]
    }
    pub fn sweep_by_factor(&mut self, at: usize) -> f64 {
        let factor = self.factor();
        for element in &mut self.state {
            *element += factor;
        }
        self.state[at]
    }
    fn set_param(&mut self, at: usize, param: f64) {
        self.params[at] = param;
        self.matrix.take();
        self.factor.set(None);
    }
    pub fn refit(&mut self, at: usize, param: f64) -> f64 {
        let before = self.factor();
        self.set_param(at, param);
        before - self.factor()
    }
    /// Without a field for the result.
    pub fn refit_anew(&mut self, at: usize, param: f64) -> f64 {
        let before = factor(&self.params);
        self.params[at] = param;
        before - factor(&self.params)
    }
}
