//! Run-length encoder (spec 10 section 9).
//!
//! The output is a list of sequences `zigzag-varint(count) payload`: a positive count repeats one byte, a negative one is
//! followed by `-count` literal bytes. A run of two becomes a repeat only where a sequence starts; a run of three or more
//! always does. The result does not depend on how the input is cut into calls.

use super::varint::{self, Varint};

/// A sequence that the encoder completed. The payload is not kept: it lies in the raw data.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sequence {
    /// Offset of the first payload byte in the raw data.
    pub start: u32,
    /// How many raw bytes the sequence stands for.
    pub count: u32,
    /// The one byte of a repeat sequence; `None` for a literal one.
    pub repeated: Option<u8>,
}

impl Sequence {
    /// The varint in front of the payload, 1 to 5 bytes.
    pub fn header(&self) -> Varint {
        Varint::new(self.code())
    }

    /// Bytes of payload behind the header: 1 for a repeat, else all of them.
    pub const fn payload_len(&self) -> u32 {
        if self.repeated.is_some() { 1 } else { self.count }
    }

    /// Header and payload.
    pub const fn encoded_len(&self) -> u32 {
        varint::encoded_len(self.code()) as u32 + self.payload_len()
    }

    const fn code(&self) -> u32 {
        let count = self.count as i32;
        varint::zigzag(if self.repeated.is_some() { count } else { count.wrapping_neg() })
    }
}

/// What the open sequence is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum State {
    /// Nothing, or a single byte that may become either.
    #[default]
    Init = 0,
    /// One byte, repeated.
    Repeat = 1,
    /// Bytes that are not.
    Literal = 2,
}

/// The encoder between two calls. All zeroes at the start.
#[derive(Clone, Copy, Default, Debug)]
pub struct Encoder {
    /// Encoded bytes of all completed sequences.
    pub total: u32,
    /// Raw offset of the open sequence.
    pub start: u32,
    /// Raw bytes in the open sequence.
    pub count: u32,
    /// Length of the run at the end of the open sequence, minus one.
    pub repeats: u32,
    /// Raw bytes consumed.
    pub offset: u32,
    /// The last byte consumed.
    pub last: u8,
    /// What the open sequence is.
    pub state: State,
}

impl Encoder {
    /// A new encoder.
    pub const fn new() -> Self {
        Self { total: 0, start: 0, count: 0, repeats: 0, offset: 0, last: 0, state: State::Init }
    }

    /// Consumes bytes until a sequence is complete or `data` is used up, and says how many.
    ///
    /// A repeat is completed by the first byte that differs, a literal by the third byte of the run that ends it; these bytes
    /// are consumed and belong to the next sequence.
    pub fn encode(&mut self, data: &[u8]) -> (usize, Option<Sequence>) {
        let mut rest = data;
        let mut done = None;
        while done.is_none() {
            if self.state == State::Repeat {
                let behind_run = skip_run(rest, self.last);
                self.count = self.count.wrapping_add((rest.len() - behind_run.len()) as u32);
                rest = behind_run;
            } else if self.state == State::Literal && self.repeats == 0 {
                rest = self.skip_words_without_pairs(rest);
            }
            let Some((&byte, behind)) = rest.split_first() else { break };
            rest = behind;
            done = self.take(byte);
        }
        let consumed = data.len() - rest.len();
        self.offset = self.offset.wrapping_add(consumed as u32);
        (consumed, done)
    }

    /// Completes the open sequence at the end of the data; once. Without any data that is a literal of no bytes.
    pub fn finish(&mut self) -> Sequence {
        let repeated = (self.state == State::Repeat).then_some(self.last);
        self.complete(self.count, 0, repeated)
    }

    /// Completes a literal of `count` bytes that is known from an earlier pass over the same data, without looking at it.
    /// The encoder goes on right behind it.
    pub fn skip_literal(&mut self, count: u32) -> Sequence {
        let sequence = self.complete(count, 0, None);
        self.offset = self.start;
        self.repeats = 0;
        self.state = State::Init;
        sequence
    }

    /// One byte through the state machine.
    #[inline(always)]
    fn take(&mut self, byte: u8) -> Option<Sequence> {
        let previous = self.last;
        let same = byte == previous;
        self.last = byte;
        self.count = self.count.wrapping_add(1);
        match self.state {
            State::Init if self.count == 1 => None,
            State::Init => {
                self.state = if same { State::Repeat } else { State::Literal };
                None
            }
            State::Repeat if same => None,
            State::Repeat => {
                let sequence = self.complete(self.count.wrapping_sub(1), 1, Some(previous));
                self.state = State::Init;
                Some(sequence)
            }
            State::Literal if !same => {
                self.repeats = 0;
                None
            }
            State::Literal if self.repeats == 0 => {
                self.repeats = 1;
                None
            }
            State::Literal => {
                self.repeats = 0;
                let sequence = self.complete(self.count.wrapping_sub(3), 3, None);
                self.state = State::Repeat;
                Some(sequence)
            }
        }
    }

    /// Makes the first `count` bytes of the open sequence a completed one; `open` bytes belong to the next.
    fn complete(&mut self, count: u32, open: u32, repeated: Option<u8>) -> Sequence {
        let sequence = Sequence { start: self.start, count, repeated };
        self.total = self.total.wrapping_add(sequence.encoded_len());
        self.start = self.start.wrapping_add(count);
        self.count = open;
        sequence
    }

    /// Takes words of a literal as long as no run of three can end in them: the byte pairs (0,1) and (2,3) both differ, and
    /// the pair before the word does too.
    #[inline(always)]
    fn skip_words_without_pairs<'a>(&mut self, data: &'a [u8]) -> &'a [u8] {
        let mut rest = data;
        while let Some((word, behind)) = rest.split_first_chunk::<4>() {
            let v = u32::from_le_bytes(*word);
            let pairs = (v ^ (v >> 8)) & 0x00ff_00ff;
            if pairs.wrapping_sub(0x0001_0001) & 0x8000_8000 != 0 {
                break;
            }
            self.last = word[3];
            rest = behind;
        }
        self.count = self.count.wrapping_add((data.len() - rest.len()) as u32);
        rest
    }
}

/// What follows the bytes equal to `byte` at the front of `data`.
#[inline(always)]
fn skip_run(data: &[u8], byte: u8) -> &[u8] {
    let mut rest = data;
    let pattern = u32::from(byte) * 0x0101_0101;
    while let Some((word, behind)) = rest.split_first_chunk::<4>() {
        if u32::from_le_bytes(*word) != pattern {
            break;
        }
        rest = behind;
    }
    while let Some((&next, behind)) = rest.split_first() {
        if next != byte {
            break;
        }
        rest = behind;
    }
    rest
}

#[cfg(test)]
mod tests;
