//! Random numbers with a seed, and steps made of them.

use golden::step::{Argument, Step};
use golden::vectors::{Object, SplitMix};

/// A source of random numbers; the same seed gives the same ones.
pub struct Random(SplitMix);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(SplitMix(seed))
    }

    /// Less than `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.0.next() % bound.max(1) as u64) as usize
    }

    /// `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    pub fn word(&mut self) -> u64 {
        self.0.next()
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A 32-bit number of any magnitude, with the ends of the encodings more often than by chance.
    pub fn number(&mut self) -> u32 {
        const EDGES: [u32; 10] = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 0x7fff_ffff, u32::MAX];
        if self.one_in(3) { self.pick(&EDGES) } else { (self.word() as u32) >> self.below(32) }
    }

    /// Bytes without structure.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.word() as u8).collect()
    }

    /// Bytes in runs of few values, as memory dumps have them.
    pub fn runs(&mut self, len: usize) -> Vec<u8> {
        let longest = self.pick(&[1, 2, 3, 4, 9, 140, 300]);
        let mask = self.pick(&[1u8, 3, 0xff]);
        let mut out = Vec::new();
        while out.len() < len {
            let run = self.between(1, longest);
            let byte = self.word() as u8 & mask;
            out.extend((0..run).map(|_| byte));
        }
        out.truncate(len);
        out
    }

    /// Printable text.
    pub fn text(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.between(0x20, 0x7e) as u8).collect()
    }
}

/// A step without expected results.
pub fn step(name: &str) -> StepBuilder {
    StepBuilder(Step { name: name.into(), arguments: Vec::new(), expected: Object::new() })
}

/// Adds arguments to a step.
pub struct StepBuilder(Step);

impl StepBuilder {
    pub fn number(self, key: &str, value: impl Into<i128>) -> Self {
        let value = value.into();
        self.argument(key, Argument::Number(value))
    }

    pub fn size(self, key: &str, value: usize) -> Self {
        self.argument(key, Argument::Number(value as i128))
    }

    pub fn flag(self, key: &str, value: bool) -> Self {
        self.number(key, i128::from(value))
    }

    pub fn bytes(self, key: &str, value: impl Into<Vec<u8>>) -> Self {
        self.argument(key, Argument::Bytes(value.into()))
    }

    pub fn null(self, key: &str) -> Self {
        self.argument(key, Argument::Null)
    }

    /// A list of byte strings.
    pub fn list(self, key: &str, values: &[Vec<u8>]) -> Self {
        let counted = self.size(&format!("{key}.#"), values.len());
        values
            .iter()
            .enumerate()
            .fold(counted, |step, (index, value)| step.bytes(&format!("{key}.{index}"), value.clone()))
    }

    /// A list of sizes.
    pub fn sizes(self, key: &str, values: &[usize]) -> Self {
        let counted = self.size(&format!("{key}.#"), values.len());
        values.iter().enumerate().fold(counted, |step, (index, value)| step.size(&format!("{key}.{index}"), *value))
    }

    fn argument(mut self, key: &str, argument: Argument) -> Self {
        self.0.arguments.push((key.into(), argument));
        self
    }

    pub fn build(self) -> Step {
        self.0
    }
}
