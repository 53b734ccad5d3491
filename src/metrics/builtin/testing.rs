//! All metrics of a module, as a list of what was done to them.

use super::{Counters, Gauges, Timers};
use std::cell::RefCell;
use std::vec::Vec;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did<M> {
    Add(M, i32),
    Set(M, u32),
    Start(M),
    Stop(M),
}

pub struct Recording<M>(RefCell<Vec<Did<M>>>);

impl<M> Recording<M> {
    pub fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// What was done since the last call.
    pub fn take(&self) -> Vec<Did<M>> {
        self.0.take()
    }

    /// Other things that happen in between.
    pub fn note(&self, did: Did<M>) {
        self.0.borrow_mut().push(did);
    }
}

impl<M> Counters<M> for Recording<M> {
    fn add(&self, metric: M, amount: i32) {
        self.note(Did::Add(metric, amount));
    }
}

impl<M> Gauges<M> for Recording<M> {
    fn set(&self, metric: M, value: u32) {
        self.note(Did::Set(metric, value));
    }
}

impl<M> Timers<M> for Recording<M> {
    fn start(&self, metric: M) {
        self.note(Did::Start(metric));
    }

    fn stop(&self, metric: M) {
        self.note(Did::Stop(metric));
    }
}
