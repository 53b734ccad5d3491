//! The message layer (spec 10 §6).
//!
//! | Byte | Content |
//! |---|---|
//! | 0 | bits 0-5 type, bit 6 project key follows, bit 7 payload is run-length encoded |
//! | 1 .. | with bit 6: the project key and a NUL |
//! | rest | payload |

use memchr::memchr;

/// Bits 0-5 of the first byte.
const TYPE_MASK: u8 = 0x3f;
const HAS_PROJECT_KEY: u8 = 1 << 6;
const IS_RLE: u8 = 1 << 7;

/// Message types.
pub mod type_id {
    /// Coredump.
    pub const COREDUMP: u8 = 1;
    /// One event, or a batch of events.
    pub const EVENT: u8 = 2;
    /// Collected log lines.
    pub const LOG: u8 = 3;
    /// Custom data recording.
    pub const CDR: u8 = 4;
    /// MAR archive of a Linux device (spec 80 §5.8).
    pub const MAR: u8 = 5;
}

/// A message taken apart; the payload is still encoded if `rle` is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    /// Type, 0 to 63.
    pub type_id: u8,
    /// The payload is run-length encoded.
    pub rle: bool,
    /// The project key without its NUL.
    pub project_key: Option<&'a [u8]>,
    /// What the data source on the device produced.
    pub payload: &'a [u8],
}

/// Why a message with a good CRC cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageError {
    /// No byte at all.
    Empty,
    /// The project key has no end.
    OpenProjectKey,
}

impl<'a> Message<'a> {
    /// Takes the bytes of a complete message apart.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, MessageError> {
        let (&first, rest) = bytes.split_first().ok_or(MessageError::Empty)?;
        let (project_key, payload) = if first & HAS_PROJECT_KEY == 0 {
            (None, rest)
        } else {
            // The length of the key is not fixed: the NUL ends it.
            let end = memchr(0, rest).ok_or(MessageError::OpenProjectKey)?;
            let (key, after) = rest.split_at(end);
            (Some(key), &after[1..])
        };
        Ok(Self { type_id: first & TYPE_MASK, rle: first & IS_RLE != 0, project_key, payload })
    }
}

/// Name of a message type in the JSON output (spec 80 §7.5).
pub const fn type_name(id: u8) -> &'static str {
    match id {
        type_id::COREDUMP => "coredump",
        type_id::EVENT => "event",
        type_id::LOG => "log",
        type_id::CDR => "cdr",
        type_id::MAR => "mar",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_key_are_taken_off() {
        let plain = Message::parse(&[2, 0xa1, 0x02]).unwrap();
        assert_eq!(plain, Message { type_id: 2, rle: false, project_key: None, payload: &[0xa1, 0x02] });
        let keyed = Message::parse(b"\xc1AbC\0\x07pay").unwrap();
        assert_eq!(keyed, Message { type_id: 1, rle: true, project_key: Some(b"AbC"), payload: b"\x07pay" });
        assert_eq!(Message::parse(&[0x3f]).unwrap().type_id, 63);
        assert_eq!(Message::parse(&[]), Err(MessageError::Empty));
        assert_eq!(Message::parse(b"\x42key"), Err(MessageError::OpenProjectKey));
    }
}
