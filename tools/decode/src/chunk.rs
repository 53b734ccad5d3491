//! Puts the chunks of one device together to messages (spec 10 §5.1 and §17, spec 80 §7.3).
//!
//! First byte of a chunk: bit 7 CONT, bit 6 MD (more data follows), bits 5-3 CFG, bits 2-0 channel. Devices send four values:
//!
//! | Byte | Name | Behind it |
//! |---|---|---|
//! | `08` | first chunk, whole message | message, CRC |
//! | `48` | first chunk | varint T (message length), first message bytes |
//! | `c0` | continuation | varint offset, message bytes |
//! | `80` | last continuation | varint offset, remaining message bytes, CRC; padding behind it is ignored |
//!
//! The CRC is CRC-16/XMODEM over the T message bytes, low byte first.

mod note;

pub use note::{CutBy, Note, Repeated};

use crate::crc::crc16;
use crate::diagnostic::Position;
use crate::varint::{self, VarintError};
use std::cmp::Ordering;

const CONT: u8 = 1 << 7;
const MORE_DATA: u8 = 1 << 6;
const INIT_WHOLE: u8 = CFG_CRC_AT_END;
const INIT_MORE: u8 = CFG_CRC_AT_END | MORE_DATA;
const CONT_LAST: u8 = CONT;
const CONT_MORE: u8 = CONT | MORE_DATA;
const CFG_MASK: u8 = 0b111 << 3;
const CFG_CRC_AT_END: u8 = 1 << 3;
const CHANNEL_MASK: u8 = 0b111;
const CRC_LEN: usize = 2;

/// Default for the longest message, in bytes (spec 80 §7.3).
pub const DEFAULT_MAX_MESSAGE_LEN: usize = 64 << 20;
/// A buffer above this size is given back once its message is done.
const KEEP_CAPACITY: usize = 1 << 20;
/// A last chunk above this size is not kept for the recognition of repetitions.
const KEEP_LAST_CHUNK: usize = 64 << 10;

/// Where a chunk came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origin {
    /// Number of the chunk within its device, from 1.
    pub chunk: u64,
    /// Place in the input.
    pub position: Position,
    /// When a host first saw it, in milliseconds since 1970.
    pub received_at_ms: Option<i64>,
}

/// A complete message; its CRC has been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assembled<'a> {
    /// All T bytes.
    pub bytes: &'a [u8],
    /// Their CRC, as sent and as computed.
    pub crc: u16,
    /// The chunk that began the message.
    pub first: Origin,
    /// The chunk that completed it.
    pub last: Origin,
}

/// True when a chunk may begin with this byte.
pub const fn is_chunk_header(byte: u8) -> bool {
    matches!(byte, INIT_WHOLE | INIT_MORE | CONT_LAST | CONT_MORE)
}

#[derive(Debug)]
enum State {
    /// No message is open.
    Idle(Loss),
    /// The first `buffer.len()` of `total` bytes are there.
    Open { total: usize, first: Origin },
}

/// Continuations without a message come in runs: what is known about the run tells whether the next one is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// Nothing is missing.
    None,
    /// A message was dropped and reported before its last chunk came.
    Reported,
    /// The same, and its chunk at this offset was the latest. Offsets ascend, so a step back is another lost message.
    ReportedUpTo(u32),
}

/// The message that was completed last, to recognise that its end is repeated.
#[derive(Debug, Default)]
struct Done {
    len: usize,
    crc: [u8; CRC_LEN],
    last_chunk: Vec<u8>,
}

/// The reassembly of one device.
#[derive(Debug)]
pub struct Reassembler {
    state: State,
    buffer: Vec<u8>,
    done: Done,
    max_message_len: usize,
    padded: bool,
}

impl Reassembler {
    /// A message may have at most `max_message_len` bytes. With `padded` a single-chunk message whose CRC fails is tried again
    /// without trailing padding (spec 80 §6.3: only for transports with fixed packet sizes).
    pub fn new(max_message_len: usize, padded: bool) -> Self {
        Self { state: State::Idle(Loss::None), buffer: Vec::new(), done: Done::default(), max_message_len, padded }
    }

    /// Bytes held for an open message.
    pub fn open_bytes(&self) -> usize {
        match self.state {
            State::Open { .. } => self.buffer.len(),
            State::Idle(_) => 0,
        }
    }

    /// The chunk that began the open message.
    pub fn open_since(&self) -> Option<Origin> {
        match self.state {
            State::Open { first, .. } => Some(first),
            State::Idle(_) => None,
        }
    }

    /// Takes the next chunk of the device. What is wrong with it goes to `notes`; gives the message that it completes.
    pub fn push<'a>(&'a mut self, chunk: &'a [u8], origin: Origin, notes: &mut Vec<Note>) -> Option<Assembled<'a>> {
        let Some((&header, body)) = chunk.split_first() else {
            notes.push(Note::ShortChunk { len: 0, message: None });
            return None;
        };
        match header {
            INIT_WHOLE => self.whole_message(body, origin, notes),
            INIT_MORE => {
                self.first_chunk(body, origin, notes);
                None
            }
            CONT_MORE => {
                self.continuation(chunk, body, notes);
                None
            }
            CONT_LAST => {
                let behind = self.continuation(chunk, body, notes)?;
                self.complete(chunk, behind, origin, notes)
            }
            _ => {
                notes.push(Note::BadHeader { header });
                None
            }
        }
    }

    /// Gives up the open message, if there is one.
    pub fn abandon(&mut self, by: CutBy, notes: &mut Vec<Note>) {
        if let State::Open { total, first } = self.state {
            notes.push(Note::CutShort { received: self.buffer.len(), total, first, by });
            self.state = State::Idle(Loss::Reported);
        }
    }

    fn whole_message<'a>(&mut self, body: &'a [u8], origin: Origin, notes: &mut Vec<Note>) -> Option<Assembled<'a>> {
        self.abandon(CutBy::NewMessage, notes);
        self.state = State::Idle(Loss::None);
        self.done.len = 0;
        self.done.last_chunk.clear();
        let Some((message, &stored)) = body.split_last_chunk::<CRC_LEN>() else {
            notes.push(Note::ShortChunk { len: body.len() + 1, message: None });
            return None;
        };
        let (crc, computed) = (u16::from_le_bytes(stored), crc16(message));
        if crc == computed {
            (self.done.len, self.done.crc) = (message.len(), stored);
            return Some(Assembled { bytes: message, crc, first: origin, last: origin });
        }
        if let Some((bytes, crc)) = self.padded.then(|| without_padding(body)).flatten() {
            notes.push(Note::Trimmed { padding: message.len() - bytes.len() });
            return Some(Assembled { bytes, crc, first: origin, last: origin });
        }
        notes.push(Note::Crc { stored: crc, computed, len: message.len(), first: origin });
        None
    }

    fn first_chunk(&mut self, body: &[u8], origin: Origin, notes: &mut Vec<Note>) {
        let announced = varint::read_u32(body);
        if let State::Open { total, first } = self.state {
            let again = announced
                .is_ok_and(|(length, at)| length as usize == total && body.get(at..) == Some(self.buffer.as_slice()));
            if again {
                notes.push(Note::Duplicate(Repeated::FirstChunk { first, len: self.buffer.len() }));
            } else {
                self.abandon(CutBy::NewMessage, notes);
            }
        }
        self.state = State::Idle(Loss::None);
        self.done.len = 0;
        let (total, rest) = match announced {
            Ok((total, at)) => (total as usize, body.get(at..).unwrap_or_default()),
            Err(VarintError::Truncated) => return notes.push(Note::ShortChunk { len: body.len() + 1, message: None }),
            Err(VarintError::TooLong) => return notes.push(Note::BadVarint),
        };
        if total == 0 {
            return notes.push(Note::EmptyMessage);
        }
        if total > self.max_message_len {
            self.state = State::Idle(Loss::Reported);
            return notes.push(Note::TooBig { total, limit: self.max_message_len });
        }
        self.buffer.clear();
        self.buffer.shrink_to(KEEP_CAPACITY);
        // Grows with what really arrives: T is only a claim.
        self.buffer.extend_from_slice(rest.get(..total).unwrap_or(rest));
        self.state = State::Open { total, first: origin };
    }

    /// Appends the message bytes of a continuation; gives what is behind them when the chunk was in its place.
    fn continuation<'a>(&mut self, chunk: &[u8], body: &'a [u8], notes: &mut Vec<Note>) -> Option<&'a [u8]> {
        let (offset, rest) = match varint::read_u32(body) {
            Ok((offset, at)) => (offset, body.get(at..).unwrap_or_default()),
            Err(error) => {
                notes.push(match error {
                    VarintError::Truncated => Note::ShortChunk { len: chunk.len(), message: None },
                    VarintError::TooLong => Note::BadVarint,
                });
                return None;
            }
        };
        // Behind a last chunk the next stray one belongs to another message.
        let is_last = chunk.first() == Some(&CONT_LAST);
        let loss_after = if is_last { Loss::None } else { Loss::ReportedUpTo(offset) };
        let (total, first) = match self.state {
            State::Open { total, first } => (total, first),
            State::Idle(_) if self.ends_last_message(chunk, offset, rest) => {
                notes.push(Note::Duplicate(Repeated::LastChunk { offset }));
                return None;
            }
            State::Idle(loss) => {
                let counted = match loss {
                    Loss::None => false,
                    Loss::Reported => true,
                    Loss::ReportedUpTo(latest) => offset > latest,
                };
                notes.push(Note::LostInit { offset, counted });
                self.state = State::Idle(loss_after);
                return None;
            }
        };
        let received = self.buffer.len();
        match (offset as usize).cmp(&received) {
            Ordering::Less => {
                notes.push(Note::Duplicate(Repeated::Continuation { offset, received }));
                None
            }
            Ordering::Greater => {
                notes.push(Note::Gap { offset, received, total, first });
                self.state = State::Idle(loss_after);
                None
            }
            Ordering::Equal => {
                let (message, behind) = rest.split_at(rest.len().min(total - received));
                self.buffer.extend_from_slice(message);
                Some(behind)
            }
        }
    }

    /// The end of the last message once more: the same chunk, or (QUIRK of spec 10 §5.2: a device that is asked again after the
    /// end) its CRC alone.
    fn ends_last_message(&self, chunk: &[u8], offset: u32, rest: &[u8]) -> bool {
        let crc_alone = offset as usize == self.done.len && rest.starts_with(&self.done.crc);
        chunk.first() == Some(&CONT_LAST) && self.done.len != 0 && (crc_alone || chunk == self.done.last_chunk)
    }

    fn complete(
        &mut self,
        chunk: &[u8],
        behind: &[u8],
        origin: Origin,
        notes: &mut Vec<Note>,
    ) -> Option<Assembled<'_>> {
        let State::Open { total, first } = self.state else { return None };
        self.state = State::Idle(Loss::None);
        let received = self.buffer.len();
        let (true, Some(&stored)) = (received == total, behind.first_chunk::<CRC_LEN>()) else {
            notes.push(Note::ShortChunk { len: chunk.len(), message: Some((received, total, first)) });
            return None;
        };
        let (crc, computed) = (u16::from_le_bytes(stored), crc16(&self.buffer));
        if crc != computed {
            notes.push(Note::Crc { stored: crc, computed, len: total, first });
            return None;
        }
        (self.done.len, self.done.crc) = (total, stored);
        self.done.last_chunk.clear();
        if chunk.len() <= KEEP_LAST_CHUNK {
            self.done.last_chunk.extend_from_slice(chunk);
        }
        Some(Assembled { bytes: &self.buffer, crc, first, last: origin })
    }
}

/// Takes bytes of one padding value (0x00 or 0xBA) off the end until the CRC in front of them matches. Other values are not
/// tried: each try accepts a wrong message with probability 2^-16.
fn without_padding(body: &[u8]) -> Option<(&[u8], u16)> {
    let &pad = body.last().filter(|&&byte| matches!(byte, 0x00 | 0xba))?;
    let mut rest = body;
    while let Some((&byte, shorter)) = rest.split_last()
        && byte == pad
    {
        rest = shorter;
        let (message, &stored) = rest.split_last_chunk::<CRC_LEN>()?;
        let stored = u16::from_le_bytes(stored);
        if !message.is_empty() && crc16(message) == stored {
            return Some((message, stored));
        }
    }
    None
}

#[cfg(test)]
mod tests;
