//! Recognises messages with the same bytes as an earlier one (spec 80 §10.3). They are kept: two genuine events can be equal.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// How far back a repetition is recognised, in messages of the device.
const REMEMBERED: usize = 4096;

#[derive(Debug, Default)]
pub struct Recent {
    // The keys are hashes with a random seed, so nobody can make two messages look alike.
    hasher: RandomState,
    numbers: HashMap<u64, u64>,
    order: VecDeque<u64>,
}

impl Recent {
    /// The number of an earlier message with the same bytes; remembers this one if there is none.
    pub fn same_as(&mut self, bytes: &[u8], number: u64) -> Option<u64> {
        let hash = self.hasher.hash_one(bytes);
        if let Some(&earlier) = self.numbers.get(&hash) {
            return Some(earlier);
        }
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.numbers.remove(&oldest);
        }
        self.numbers.insert(hash, number);
        self.order.push_back(hash);
        None
    }
}
