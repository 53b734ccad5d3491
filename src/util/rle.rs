//! Run-length encoder (spec 10 section 9).
//!
//! The output is a list of sequences `zigzag-varint(count) payload`: a positive count repeats one byte, a negative one is
//! followed by `-count` literal bytes. A run of two becomes a repeat only where a sequence starts; a run of three or more
//! always does. The result does not depend on how the input is cut into calls.

use super::varint::{self, Varint};

/// A sequence that the encoder completed. The payload of a literal is not kept: it lies in the raw data.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sequence {
    /// Offset of the first payload byte in the raw data.
    pub start: u32,
    /// Bytes of payload behind the header: 1 for a repeat, else as many as the sequence stands for.
    pub payload_len: u32,
    /// The zig-zag count; the header in front of the payload is its varint.
    pub code: u32,
    /// The one payload byte of a repeat; `None` for a literal.
    pub repeated: Option<u8>,
}

impl Sequence {
    /// All zeroes: no sequence.
    pub const NONE: Self = Self { start: 0, payload_len: 0, code: 0, repeated: None };

    /// The varint in front of the payload.
    pub fn header(&self) -> Varint {
        Varint::new(self.code)
    }
}

/// Where the open sequence ends, and the byte of a repeat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    offset: u32,
    repeated: Option<u8>,
}

/// The encoder between two calls. All zeroes at the start.
///
/// The open sequence lies between `start` and `offset`, and a run of equal bytes at its end starts at `run`. Where `run` is
/// `start` the whole sequence is a run: a repeat, or a single byte that may become anything. Else it is a literal.
#[derive(Clone, Copy, Default, Debug)]
pub struct Encoder {
    /// Encoded bytes of all completed sequences.
    pub total: u32,
    /// Raw offset of the open sequence.
    pub start: u32,
    /// Raw offset of the run at its end.
    pub run: u32,
    /// Raw bytes consumed.
    pub offset: u32,
    /// The last byte consumed.
    pub last: u8,
}

impl Encoder {
    /// A new encoder.
    pub const fn new() -> Self {
        Self { total: 0, start: 0, run: 0, offset: 0, last: 0 }
    }

    /// Back to the start. The last byte means nothing there and stays: 16 bytes are four stores, 20 a call of memset.
    pub const fn restart(&mut self) {
        *self = Self { last: self.last, ..Self::new() };
    }

    /// Consumes bytes until a sequence is complete or `data` is used up. Returns how many, and whether `completed` was written.
    ///
    /// A repeat is completed by the first byte that differs, a literal by the third byte of the run that ends it; these bytes
    /// are consumed and belong to the next sequence.
    #[inline(always)] // a firmware has one caller, and all of it stays in registers
    pub fn encode(&mut self, data: &[u8], completed: &mut Sequence) -> (usize, bool) {
        let (consumed, end) = self.scan::<true>(data);
        if let Some(end) = end {
            *completed = self.complete(end);
        }
        (consumed, end.is_some())
    }

    /// The same byte by byte, and what is to be completed is only told: slower, and half of the code.
    #[inline(always)]
    pub fn scan_slowly(&mut self, data: &[u8]) -> (usize, Option<End>) {
        self.scan::<false>(data)
    }

    #[inline(always)]
    fn scan<const FAST: bool>(&mut self, data: &[u8]) -> (usize, Option<End>) {
        let Self { start, mut run, mut last, .. } = *self;
        let end = self.offset.wrapping_add(data.len() as u32);
        let mut rest = data;
        let done = loop {
            if !FAST {
                // Nothing is skipped.
            } else if run == start {
                rest = behind_run(rest, last);
            } else if end.wrapping_sub(rest.len() as u32).wrapping_sub(run) == 1 {
                let behind = behind_words_without_pairs(rest);
                if let Some(&byte) = rest.get((rest.len() - behind.len()).wrapping_sub(1)) {
                    last = byte;
                    run = end.wrapping_sub(behind.len() as u32).wrapping_sub(1);
                }
                rest = behind;
            }
            let at = end.wrapping_sub(rest.len() as u32);
            let Some((&byte, behind)) = rest.split_first() else { break None };
            rest = behind;
            if byte == last {
                if run != start && at.wrapping_sub(run) == 2 {
                    break Some(End { offset: run, repeated: None }); // the third of a run
                }
            } else {
                let repeated = last;
                let repeat = run == start && at.wrapping_sub(start) >= 2;
                last = byte;
                run = at;
                if repeat {
                    break Some(End { offset: at, repeated: Some(repeated) });
                }
            }
        };
        (self.run, self.last) = (run, last);
        let consumed = data.len() - rest.len();
        self.offset = self.offset.wrapping_add(consumed as u32);
        (consumed, done)
    }

    /// Completes the open sequence at the end of the data; once. Without any data that is a literal of no bytes.
    pub fn finish(&mut self) -> Sequence {
        self.complete(self.end_of_data())
    }

    /// The end that the open sequence has if no data follows.
    #[inline(always)]
    pub fn end_of_data(&self) -> End {
        let is_run = self.run == self.start && self.offset.wrapping_sub(self.start) >= 2;
        End { offset: self.offset, repeated: is_run.then_some(self.last) }
    }

    /// Completes a literal of `count` bytes that is known from an earlier pass over the same data, without looking at it.
    /// The encoder goes on right behind it.
    pub fn skip_literal(&mut self, count: u32) -> Sequence {
        let sequence = self.complete(End { offset: self.start.wrapping_add(count), repeated: None });
        self.offset = self.start;
        self.run = self.start;
        sequence
    }

    /// Makes the bytes up to the end of the open sequence a completed one; the others belong to the next.
    #[inline(always)]
    pub fn complete(&mut self, end: End) -> Sequence {
        let End { offset: end, repeated } = end;
        let count = end.wrapping_sub(self.start);
        let (payload_len, signed) = if repeated.is_some() { (1, count) } else { (count, count.wrapping_neg()) };
        let sequence = Sequence { start: self.start, payload_len, code: varint::zigzag(signed as i32), repeated };
        self.total = self.total.wrapping_add(payload_len).wrapping_add(varint::encoded_len(sequence.code) as u32);
        self.start = end;
        sequence
    }
}

/// What follows the bytes equal to `byte` at the front of `data`, give or take seven.
#[inline(always)]
fn behind_run(data: &[u8], byte: u8) -> &[u8] {
    let pattern = u32::from(byte) * 0x0101_0101;
    let mut rest = data;
    while let Some(([a, b, c, d, e, f, g, h], behind)) = rest.split_first_chunk::<8>() {
        let words = [u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes([*e, *f, *g, *h])];
        if words != [pattern; 2] {
            break;
        }
        rest = behind;
    }
    rest
}

/// What follows the words of a literal in which no run of three can end: the byte pairs (0,1) and (2,3) of each differ, and so
/// does the pair before the first.
#[inline(always)]
fn behind_words_without_pairs(data: &[u8]) -> &[u8] {
    let mut rest = data;
    while let Some((word, behind)) = rest.split_first_chunk::<4>() {
        let v = u32::from_le_bytes(*word);
        if ((v ^ (v >> 8)) & 0x00ff_00ff).wrapping_sub(0x0001_0001) & 0x8000_8000 != 0 {
            break;
        }
        rest = behind;
    }
    rest
}

#[cfg(test)]
mod tests;
