//! The message layer and the packetizer (spec 10 sections 6 and 8): finds the next message of the sources, puts the message header
//! in front and hands it to the chunk layer.
//!
//! | Message byte | Content |
//! |---|---|
//! | 0 | bits 0-5 type, bit 6 project key follows, bit 7 payload is run-length encoded |
//! | 1.. | only with the option: the project key and a NUL |
//! | rest | payload |

use super::DataSource;
use super::chunk::{Message, Produced, Transfer};
use crate::config::Config;
use core::cell::Cell;
use core::marker::PhantomData;

/// What a message carries; the number is the one on the wire. Sources are asked in this order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum MessageType {
    /// A coredump, the only type that may be run-length encoded.
    Coredump = 1,
    /// Events.
    Event = 2,
    /// Log lines.
    Log = 3,
    /// A custom data recording.
    Cdr = 4,
}

impl MessageType {
    const IN_ORDER: [Self; 4] = [Self::Coredump, Self::Event, Self::Log, Self::Cdr];
    /// The bit of [`Packetizer::set_active_sources`] that lets this type through.
    const fn mask(self) -> u8 {
        1 << self as u8
    }
}

/// All types: the mask at the start.
pub const MASK_ALL: u8 = 0b1_1110;
const KEY_FOLLOWS: u8 = 1 << 6;
const RLE: u8 = 1 << 7;
/// How much of a failed read is overwritten, and with what.
const SCRUB_LEN: usize = 16;
const SCRUB: u8 = 0xef;

/// What the packetizer needs from outside.
pub trait Platform {
    /// A source of messages.
    type Source: DataSource;
    /// The source of one type.
    fn source(&self, kind: MessageType) -> Self::Source;
    /// Run-length encodes `source` from now on and returns the encoded source, or `None` when RLE is not in the build.
    fn rle_begin(&self, source: Self::Source) -> Option<Self::Source>;
    /// No message is in flight any more. Called at the end of every message and by every abort.
    fn rle_end(&self);
    /// Continues a CRC-16/XMODEM.
    fn crc16(&self, crc: u16, data: &[u8]) -> u16;
    /// A read of `len` bytes at `offset` of a message failed; the transfer goes on with scrubbed bytes.
    fn read_failed(&self, offset: u32, len: usize, kind: u8);
}

/// What `begin` tells about the message.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Metadata {
    /// Part of the message has been handed out already.
    pub send_in_progress: bool,
    /// Length of the whole message as one chunk, in bytes.
    pub single_chunk_message_length: u32,
}

/// Result of [`Packetizer::get_next`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// `begin` has not found a message.
    NoMoreData,
    /// The buffer is below 9 bytes; the message stays where it is.
    BufferTooSmall,
    /// The buffer starts with this many bytes, the end of a chunk.
    EndOfChunk(usize),
    /// The buffer starts with this many bytes, and the same chunk goes on.
    MoreDataForChunk(usize),
}

/// The packetizer. All zeroes at the start; at most one message is in flight.
pub struct Packetizer<C, P: Platform> {
    /// The source of the message in flight.
    active: Cell<Option<P::Source>>,
    /// Length of that message, and whether it goes out as one chunk over many calls.
    total: Cell<u32>,
    multi_call: Cell<bool>,
    /// How much of it has been produced, and the CRC of that.
    offset: Cell<u32>,
    crc: Cell<u16>,
    /// First byte of the message in flight.
    header: Cell<u8>,
    /// The inverted mask, so that "all" is zero and the whole state lies in .bss.
    disabled: Cell<u8>,
    config: PhantomData<C>,
}

impl<C: Config, P: Platform> Packetizer<C, P> {
    /// Bytes in front of the payload: the type, and with the option the key and its NUL (QUIRK: on the wire).
    const HEADER_LEN: usize = if C::MESSAGE_HEADER_CONTAINS_PROJECT_KEY { 2 + C::PROJECT_KEY.len() } else { 1 };

    /// An idle packetizer with all sources on.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self {
            active: Cell::new(None),
            total: Cell::new(0),
            multi_call: Cell::new(false),
            offset: Cell::new(0),
            crc: Cell::new(0),
            header: Cell::new(0),
            disabled: Cell::new(0),
            config: PhantomData,
        }
    }

    /// Is there anything to send? Polls the sources unless a message is in flight; does not start one.
    pub fn data_available(&self, platform: &P) -> bool {
        self.is_active() || self.poll(platform).is_some()
    }

    /// Takes the next message unless one is in flight (then `multi_call` is ignored, QUIRK of spec 10 section 8.4). False: there
    /// is none.
    #[inline(always)] // one load in front of every chunk, no call
    pub fn start(&self, platform: &P, multi_call: bool) -> bool {
        self.is_active() || self.load(platform, multi_call)
    }

    /// Polls, and takes what it finds.
    #[inline(never)]
    fn load(&self, platform: &P, multi_call: bool) -> bool {
        let Some((source, header, size)) = self.poll(platform) else { return false };
        self.total.set((size as u32).wrapping_add(Self::HEADER_LEN as u32));
        self.multi_call.set(multi_call);
        self.offset.set(0);
        self.crc.set(0);
        self.header.set(header);
        self.active.set(Some(source));
        true
    }

    /// The same, and tells about the message in flight.
    pub fn begin(&self, platform: &P, multi_call: bool) -> Option<Metadata> {
        self.start(platform, multi_call).then(|| Metadata {
            send_in_progress: self.offset.get() != 0,
            single_chunk_message_length: self.transfer().single_chunk_len(),
        })
    }

    /// Produces the next chunk of the message in flight, or the next part of it, in `buf`.
    pub fn get_next(&self, platform: &P, buf: &mut [u8]) -> Next {
        let Some(source) = self.active.get() else { return Next::NoMoreData };
        let mut transfer = self.transfer();
        let produced = transfer
            .next_chunk(buf, &mut Reader::<C, P> { platform, source, header: self.header.get(), config: PhantomData });
        // A read hook may have aborted the message: then it is over, and what was read belongs to nothing.
        if !self.active.get().is_some_and(|now| now.same(source)) {
            return Next::NoMoreData;
        }
        self.offset.set(transfer.offset);
        self.crc.set(transfer.crc);
        match produced {
            Produced::BufferTooSmall => Next::BufferTooSmall,
            Produced::More(len) if transfer.multi_call => Next::MoreDataForChunk(len),
            Produced::More(len) => Next::EndOfChunk(len),
            Produced::Last(len) => {
                source.mark_read();
                self.abort(platform);
                Next::EndOfChunk(len)
            }
        }
    }

    /// Is a message in flight?
    pub fn is_active(&self) -> bool {
        self.active.get().is_some()
    }

    /// How far the message in flight is.
    fn transfer(&self) -> Transfer {
        Transfer {
            total: self.total.get(),
            offset: self.offset.get(),
            crc: self.crc.get(),
            multi_call: self.multi_call.get(),
        }
    }

    /// Drops the message in flight; its source keeps it and it will be sent again from its first byte.
    pub fn abort(&self, platform: &P) {
        self.active.set(None);
        platform.rle_end();
    }

    /// Aborts, then lets through only the types whose bit (`1 << type`) is set.
    pub fn set_active_sources(&self, platform: &P, mask: u32) {
        self.abort(platform);
        self.disabled.set(!(mask as u8));
    }

    /// Asks the sources in order of priority: the source, the first message byte, the size of the payload.
    fn poll(&self, platform: &P) -> Option<(P::Source, u8, usize)> {
        for kind in MessageType::IN_ORDER {
            if self.disabled.get() & kind.mask() != 0 {
                continue;
            }
            let mut source = platform.source(kind);
            let mut header = kind as u8;
            if C::MESSAGE_HEADER_CONTAINS_PROJECT_KEY {
                header |= KEY_FOLLOWS;
            }
            if kind == MessageType::Coredump
                && let Some(encoded) = platform.rle_begin(source)
            {
                source = encoded;
                header |= RLE;
            }
            if let Some(size) = source.has_more() {
                return Some((source, header, size));
            }
        }
        None
    }
}

/// The message in flight, as the chunk layer reads it.
struct Reader<'a, C, P: Platform> {
    platform: &'a P,
    source: P::Source,
    header: u8,
    config: PhantomData<C>,
}

impl<C: Config, P: Platform> Message for Reader<'_, C, P> {
    fn read(&mut self, offset: u32, buf: &mut [u8]) {
        let header_len = Packetizer::<C, P>::HEADER_LEN;
        let skipped = (header_len as u32).saturating_sub(offset) as usize; // header bytes that are still to come
        let Some((header, payload)) = buf.split_at_mut_checked(skipped.min(buf.len())) else { return };
        for (slot, at) in header.iter_mut().zip(offset as usize..) {
            *slot = match at {
                0 => self.header,
                // The key is all there is behind the type; its NUL has no byte of its own in a Rust string.
                _ => C::PROJECT_KEY.as_bytes().get(at - 1).copied().unwrap_or(0),
            };
        }
        if payload.is_empty() {
            return;
        }
        let at = offset.saturating_sub(header_len as u32);
        if !self.source.read(at, payload) {
            self.platform.read_failed(offset, payload.len(), self.header);
            for byte in payload.iter_mut().take(SCRUB_LEN) {
                *byte = SCRUB;
                core::hint::black_box(()); // no memset, see the chunk layer
            }
        }
    }

    fn crc16(&mut self, crc: u16, data: &[u8]) -> u16 {
        self.platform.crc16(crc, data)
    }
}

#[cfg(test)]
mod tests;
