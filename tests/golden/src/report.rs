//! Counts per module, and the first differences.

use crate::compare::{self, Rules};
use crate::step::{Play, Step};
use crate::vectors::Object;

/// How many differences are shown per module.
const SHOWN: usize = 3;

/// What happened to the vectors of one module.
#[derive(Default)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
    /// Self-test: broken expectations that were noticed, and that were not.
    pub noticed: usize,
    pub missed: usize,
    details: Vec<String>,
    reasons: Vec<(String, usize)>,
}

/// What a player made of a vector: the results of its steps, and why it stopped early.
#[derive(Clone, Default)]
pub struct Outcome {
    pub results: Vec<Object>,
    pub stopped: Option<String>,
}

impl Tally {
    /// Compares and counts.
    pub fn judge(&mut self, play: Play, outcome: &Outcome, rules: Rules) {
        let Play { id, mut steps } = play;
        match verdict(&steps, outcome, rules) {
            None => self.passed += 1,
            Some(difference) => self.fail(&id, &difference),
        }
        // A different expectation in each vector.
        if compare::break_one(&mut steps, rules, self.passed + self.failed).is_some() {
            match verdict(&steps, outcome, rules) {
                Some(_) => self.noticed += 1,
                None => {
                    self.missed += 1;
                    self.details.push(format!("  {id}: a broken expectation would go unnoticed"));
                }
            }
        }
    }

    /// Counts a failure.
    pub fn fail(&mut self, id: &str, reason: &str) {
        self.failed += 1;
        if self.details.len() < SHOWN {
            self.details.push(format!("  {id}: {reason}"));
        }
    }

    /// Counts all vectors of a group as failed for one reason.
    pub fn fail_all(&mut self, ids: &[&str], reason: &str) {
        self.failed += ids.len();
        self.missed += ids.len(); // nothing was compared, so nothing broken can be noticed
        if let (Some(first), true) = (ids.first(), self.details.len() < SHOWN) {
            self.details.push(format!("  {first} and {} others: {reason}", ids.len() - 1));
        }
    }

    /// Counts vectors that were not played.
    pub fn skip(&mut self, count: usize, reason: &str) {
        self.skipped += count;
        match self.reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, total)) => *total += count,
            None => self.reasons.push((reason.into(), count)),
        }
    }

    /// One line, and the details.
    pub fn print(&self, name: &str) {
        println!("{name:<18} {}/{}/{}", self.passed, self.failed, self.skipped);
        for (reason, count) in &self.reasons {
            println!("  {count} skipped: {reason}");
        }
        self.details.iter().for_each(|line| println!("{line}"));
        if self.details.len() == SHOWN {
            println!("  ...");
        }
    }
}

/// The first difference, with the step it is in.
fn verdict(steps: &[Step], outcome: &Outcome, rules: Rules) -> Option<String> {
    for (index, step) in steps.iter().enumerate() {
        let Some(results) = outcome.results.get(index) else {
            let reason = outcome.stopped.as_deref().unwrap_or("no results");
            return Some(format!("step {index} {}: {reason}", step.name));
        };
        if let Some(difference) = compare::difference(step, results, rules) {
            return Some(format!("step {index} {}: {difference}", step.name));
        }
    }
    outcome.stopped.as_ref().map(|reason| format!("after the last step: {reason}"))
}
