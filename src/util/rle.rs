//! Run-length encoder (spec 10 section 9).
//!
//! The output is a list of sequences `zigzag-varint(count) payload`: a positive count repeats one byte, a negative one is
//! followed by `-count` literal bytes. A run of two becomes a repeat only where a sequence starts; a run of three or more
//! always does. The result does not depend on how the input is cut into calls.

use super::varint::Varint;

/// A sequence that the encoder completed. The payload of a literal is not kept: it lies in the raw data.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sequence {
    /// Offset of the first payload byte in the raw data.
    pub start: u32,
    /// Bytes of payload behind the header: 1 for a repeat, else as many as the sequence stands for.
    pub payload_len: u32,
    /// The zig-zag count in front of the payload.
    pub header: Varint,
    /// The one payload byte of a repeat; `None` for a literal.
    pub repeated: Option<u8>,
}

impl Sequence {
    /// All zeroes: no sequence.
    pub const NONE: Self = Self { start: 0, payload_len: 0, header: Varint::NONE, repeated: None };
}

/// The encoder between two calls. All zeroes at the start.
///
/// The open sequence begins at `start`. It is a run of equal bytes until a second value shows up; then it is a literal, unless
/// the run had two bytes or more and so was a sequence of its own.
#[derive(Clone, Copy, Default, Debug)]
pub struct Encoder {
    /// Encoded bytes of all completed sequences.
    pub total: u32,
    /// Raw offset of the open sequence.
    pub start: u32,
    /// Raw bytes consumed.
    pub offset: u32,
    /// The last byte consumed.
    pub last: u8,
    /// The open sequence is a literal, not a run.
    pub literal: bool,
    /// That literal ends in two equal bytes.
    pub pair: bool,
}

impl Encoder {
    /// A new encoder.
    pub const fn new() -> Self {
        Self { total: 0, start: 0, offset: 0, last: 0, literal: false, pair: false }
    }

    /// Consumes bytes until a sequence is complete or `data` is used up. Returns how many, and whether `completed` was written.
    ///
    /// A repeat is completed by the first byte that differs, a literal by the third byte of the run that ends it; these bytes
    /// are consumed and belong to the next sequence.
    pub fn encode(&mut self, data: &[u8], completed: &mut Sequence) -> (usize, bool) {
        let base = self.offset;
        let Self { mut last, mut literal, mut pair, start, .. } = *self;
        let mut used = 0;
        let mut done = false;
        while !done {
            if !pair {
                // Whole words first: they take most of the data.
                let rest = data.get(used..).unwrap_or(&[]);
                used += if literal { len_without_pairs(rest) } else { words_equal(rest, last) };
                last = data.get(used.wrapping_sub(1)).copied().unwrap_or(last);
            }
            let Some(&byte) = data.get(used) else { break };
            let at = base.wrapping_add(used as u32);
            used += 1;
            let same = byte == last;
            let end = if literal {
                let third = same && pair;
                pair = same && !pair;
                third.then_some(at.wrapping_sub(2))
            } else {
                let run = at.wrapping_sub(start);
                literal = run == 1 && !same;
                (run > 1 && !same).then_some(at)
            };
            if let Some(end) = end {
                *completed = self.complete(end, (!literal).then_some(last));
                literal = false;
                done = true;
            }
            last = byte;
        }
        self.last = last;
        self.literal = literal;
        self.pair = pair;
        self.offset = base.wrapping_add(used as u32);
        (used, done)
    }

    /// Completes the open sequence at the end of the data; once. Without any data that is a literal of no bytes.
    pub fn finish(&mut self) -> Sequence {
        let run = !self.literal && self.offset.wrapping_sub(self.start) > 1;
        self.complete(self.offset, run.then_some(self.last))
    }

    /// Completes a literal of `count` bytes that is known from an earlier pass over the same data, without looking at it.
    /// The encoder goes on right behind it.
    pub fn skip_literal(&mut self, count: u32) -> Sequence {
        let sequence = self.complete(self.start.wrapping_add(count), None);
        self.offset = self.start;
        self.literal = false;
        self.pair = false;
        sequence
    }

    /// Makes what lies before raw offset `end` a completed sequence; what follows belongs to the next.
    #[inline(never)]
    fn complete(&mut self, end: u32, repeated: Option<u8>) -> Sequence {
        let count = end.wrapping_sub(self.start);
        let (payload_len, signed) =
            if repeated.is_some() { (1, count as i32) } else { (count, (count as i32).wrapping_neg()) };
        let sequence = Sequence { start: self.start, payload_len, header: Varint::new_signed(signed), repeated };
        self.total = self.total.wrapping_add(payload_len).wrapping_add(sequence.header.len() as u32);
        self.start = end;
        sequence
    }
}

/// How many whole words at the front of `data`, in bytes, consist of `byte` only.
#[inline(always)]
fn words_equal(data: &[u8], byte: u8) -> usize {
    let pattern = u32::from(byte) * 0x0101_0101;
    let (words, _) = data.as_chunks::<4>();
    4 * words.iter().position(|word| u32::from_le_bytes(*word) != pattern).unwrap_or(words.len())
}

/// How many bytes at the front of `data`, in whole words, cannot hold the end of a run of three, given that the two bytes
/// before differ: in each word the byte pairs (0,1) and (2,3) both differ.
#[inline(always)]
fn len_without_pairs(data: &[u8]) -> usize {
    let (words, _) = data.as_chunks::<4>();
    let pairless = |word: &[u8; 4]| {
        let v = u32::from_le_bytes(*word);
        ((v ^ (v >> 8)) & 0x00ff_00ff).wrapping_sub(0x0001_0001) & 0x8000_8000 == 0
    };
    4 * words.iter().position(|word| !pairless(word)).unwrap_or(words.len())
}

#[cfg(test)]
mod tests;
