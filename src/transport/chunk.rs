//! The chunk layer (spec 10 section 5): cuts one message into pieces that fit the link.
//!
//! | Byte 0 | Chunk | Behind it |
//! |---|---|---|
//! | `08` | whole message (or the start of a chunk that spans several calls) | message, CRC-16 |
//! | `48` | first of several | varint(length of the message), message bytes |
//! | `c0` | another one | varint(offset in the message), message bytes |
//! | `80` | the last one | varint(offset in the message), message bytes (maybe none), CRC-16 |
//!
//! The CRC covers the message, goes out low byte first and is never split: where one byte is free it travels in a chunk of its
//! own. What is left of the buffer is filled with `ba`.

use crate::util::varint;
use core::mem;

/// The smallest buffer that can carry a message byte: header, longest varint, message byte, CRC.
pub const MIN_BUF_LEN: usize = 9;

const INIT_WHOLE: u8 = 0x08;
const INIT_MORE: u8 = 0x48;
const CONTINUATION_MORE: u8 = 0xc0;
const CONTINUATION_LAST: u8 = 0x80;
const CRC_LEN: usize = 2;
const PAD: u8 = 0xba;

/// Where the bytes of a message come from.
pub trait Message {
    /// Fills `buf` from `offset`. Asked for each byte once, in order.
    fn read(&mut self, offset: u32, buf: &mut [u8]);
    /// Continues the CRC-16 over bytes that were just read.
    fn crc16(&mut self, crc: u16, data: &[u8]) -> u16;
}

/// How far a message has been sent. All zeroes but the first field at its start.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Transfer {
    /// Length of the message in bytes.
    pub total: u32,
    /// Message bytes produced so far.
    pub offset: u32,
    /// CRC-16 of these bytes.
    pub crc: u16,
    /// One chunk spans several calls.
    pub multi_call: bool,
}

/// What [`Transfer::next_chunk`] left in the buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Produced {
    /// Nothing: the buffer is smaller than [`MIN_BUF_LEN`].
    BufferTooSmall,
    /// This many bytes, and there is more.
    More(usize),
    /// This many bytes; the CRC was among them.
    Last(usize),
}

impl Transfer {
    /// The length of the whole message as a single chunk.
    pub const fn single_chunk_len(&self) -> u32 {
        // IMPROVE (spec 10 section 5.2): the reference wraps here and sends a message near 4 GiB as one chunk.
        self.total.saturating_add(1 + CRC_LEN as u32)
    }

    /// Produces the next chunk, or the next part of it, in `buf`. The length of `buf` may differ from call to call.
    ///
    /// QUIRK (spec 10 section 5.2): called again after the end it repeats the CRC, and an empty message starts over.
    pub fn next_chunk(&mut self, buf: &mut [u8], message: &mut impl Message) -> Produced {
        let offered = buf.len();
        if offered < MIN_BUF_LEN {
            return Produced::BufferTooSmall;
        }
        let left = self.total.saturating_sub(self.offset) as usize;
        let first = self.offset == 0;
        let whole = first && (self.multi_call || self.single_chunk_len() as usize <= offered);

        // Behind the header byte: the total length in the first chunk of several, the offset in the others.
        let number = if first { self.total } else { self.offset };
        let prefix = match (whole, self.multi_call) {
            (true, _) => 1,
            (false, true) => 0,
            (false, false) => 1 + varint::put(number, buf.get_mut(1..).unwrap_or(&mut [])),
        };
        let Some((head, body)) = buf.split_at_mut_checked(prefix) else { return Produced::BufferTooSmall };
        let count = left.min(body.len());
        let last = body.len() - count >= CRC_LEN;
        if let Some(header) = head.first_mut() {
            *header = match (whole, first, last) {
                (true, ..) => INIT_WHOLE,
                (false, true, _) => INIT_MORE,
                (false, false, false) => CONTINUATION_MORE,
                (false, false, true) => CONTINUATION_LAST,
            };
        }

        let Some((data, mut rest)) = body.split_at_mut_checked(count) else { return Produced::BufferTooSmall };
        if count != 0 {
            message.read(self.offset, data);
            self.crc = message.crc16(self.crc, data);
            self.offset = self.offset.wrapping_add(count as u32);
        }
        if last && let Some((crc, behind)) = mem::take(&mut rest).split_first_chunk_mut::<CRC_LEN>() {
            *crc = self.crc.to_le_bytes();
            rest = behind;
        }
        let produced = offered - rest.len();
        let (words, tail) = rest.as_chunks_mut::<4>();
        for word in words {
            *word = [PAD; 4];
            core::hint::black_box(());
        }
        for byte in tail {
            *byte = PAD;
            core::hint::black_box(()); // stays a loop: a call of memset would cost every firmware 150 bytes of flash
        }
        if last { Produced::Last(produced) } else { Produced::More(produced) }
    }
}

#[cfg(test)]
mod tests;
