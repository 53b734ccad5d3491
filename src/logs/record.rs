//! One line of log in the ring (spec 30 section 3.2). Records lie back to back; any byte may be the last before the ring wraps.
//!
//! | Offset | Size | Content |
//! |---|---|---|
//! | 0 | 1 | header: bits 0-2 level, 3 compact, 4 timestamped, 6 sent as a message, 7 read |
//! | 1 | 1 | bytes that follow |
//! | 2 | 4 | only if timestamped: seconds since 1970, native byte order |
//! | 2 or 6 | rest | text without terminator, or the CBOR of a compact log |

/// Bits 0 to 2: the level, cut to them.
pub const LEVEL_MASK: u8 = 0x07;
/// The message is a compact log.
pub const COMPACT: u8 = 0x08;
/// Four bytes of time precede the message.
pub const TIMESTAMPED: u8 = 0x10;
/// A message of the packetizer has delivered it.
pub const SENT: u8 = 0x40;
/// It was read as a line.
pub const READ: u8 = 0x80;

/// Bytes of the header and the length.
pub const HEAD_LEN: usize = 2;
/// Bytes of the time.
pub const TIME_LEN: usize = 4;

/// The head of a record and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Of its first byte, from the oldest byte in the ring.
    pub offset: usize,
    /// The first byte.
    pub header: u8,
    /// Bytes behind the head.
    pub len: u8,
}

impl Record {
    /// Where the time or the message begins.
    pub fn payload_offset(self) -> usize {
        self.offset.wrapping_add(HEAD_LEN)
    }

    /// Bytes of all of it.
    pub fn total_len(self) -> usize {
        HEAD_LEN + usize::from(self.len)
    }

    /// Where the next record begins.
    pub fn end(self) -> usize {
        self.offset.wrapping_add(self.total_len())
    }

    /// Does the payload begin with a time? One too short for it is all message.
    pub fn has_time(self) -> bool {
        self.header & TIMESTAMPED != 0 && usize::from(self.len) >= TIME_LEN
    }

    /// The level, 0 to 7.
    pub fn level(self) -> u8 {
        self.header & LEVEL_MASK
    }
}
