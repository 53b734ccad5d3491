//! Compact logs (spec 30 section 7.5): an id that stands for the format, and the arguments, as one CBOR array.
//!
//! | Item | Content |
//! |---|---|
//! | id | offset of the format in the ELF section `log_fmt` |
//! | 32-bit integer | integer, always taken as signed |
//! | wider integer | array of one integer |
//! | floating point | double |
//! | string | text |
//!
//! In place of a log that is too long stands `[id, {0: 1, 1: length}]`.

use crate::util::cbor::{self, Encoder, Head, Sink};

/// Key and value that say what the stand-in is.
const KIND_KEY: u32 = 0;
const KIND_TOO_LONG: u32 = 1;
/// Key of the length that the log would have had.
const LENGTH_KEY: u32 = 1;

/// An argument of a log.
#[derive(Clone, Copy)]
pub enum Argument<'a> {
    /// Anything that C passes as an `int`.
    Int32(i32),
    /// A wider integer.
    Int64(i64),
    /// The bits of a double.
    Double(u64),
    /// A string without its terminator.
    Text(&'a [u8]),
}

/// Takes the items of a log. All results: true if there was room.
pub trait Output {
    /// An item, or the start of one.
    fn head(&mut self, head: Head) -> bool;
    /// What follows a head, or an item without one.
    fn bytes(&mut self, bytes: &[u8]) -> bool;
}

impl<S: Sink> Output for Encoder<S> {
    fn head(&mut self, head: Head) -> bool {
        self.item(head)
    }

    fn bytes(&mut self, bytes: &[u8]) -> bool {
        self.join(bytes)
    }
}

/// Encodes a log. Stops at the first item that does not fit; then false.
pub fn encode<'a>(out: &mut impl Output, id: u32, mut arguments: impl ExactSizeIterator<Item = Argument<'a>>) -> bool {
    out.head(cbor::array_head(1 + arguments.len() as u32))
        && out.head(cbor::unsigned_head(id))
        && arguments.all(|argument| match argument {
            Argument::Int32(value) => out.head(cbor::signed_head(value)),
            Argument::Int64(value) => {
                out.head(cbor::array_head(1))
                    && match cbor::long_signed(value) {
                        Ok(head) => out.head(head),
                        Err(long) => out.bytes(&long),
                    }
            }
            Argument::Double(bits) => out.bytes(&cbor::double(bits)),
            Argument::Text(text) => out.head(cbor::text_head(text.len() as u32)) && out.bytes(text),
        })
}

/// Encodes what stands for a log of `len` bytes. False: not even that fits.
pub fn encode_too_long(out: &mut impl Output, id: u32, len: u32) -> bool {
    out.head(cbor::array_head(2))
        && out.head(cbor::unsigned_head(id))
        && out.head(cbor::map_head(2))
        && [KIND_KEY, KIND_TOO_LONG, LENGTH_KEY, len].into_iter().all(|number| out.head(cbor::unsigned_head(number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::store::testing::hex;
    use std::vec::Vec;

    struct Collected(Vec<u8>);
    impl Sink for &mut Collected {
        fn write(&mut self, offset: usize, piece: &[u8]) {
            assert_eq!(offset, self.0.len());
            self.0.extend(piece);
        }
    }

    fn encoded(id: u32, arguments: &[Argument<'_>]) -> Vec<u8> {
        let mut bytes = Collected(Vec::new());
        assert!(encode(&mut Encoder::new(&mut bytes, 200), id, arguments.iter().copied()));
        bytes.0
    }

    #[test]
    fn logs_of_the_specification() {
        use Argument::*;
        for (id, arguments, bytes) in [
            (8, &[][..], "81 08"),
            (0x1a, &[Int32(42)][..], "82 18 1a 18 2a"),
            (0x2b, &[Int32(-500)], "82 18 2b 39 01 f3"),
            (0x3c, &[Int64(1)], "82 18 3c 81 01"),
            (0x4e, &[Int64(-5_000_000_000)], "82 18 4e 81 3b 00 00 00 01 2a 05 f1 ff"),
            (0x60, &[Double(1.5_f64.to_bits())], "82 18 60 fb 3f f8 00 00 00 00 00 00"),
            (0x6f, &[Text(b"hey")], "82 18 6f 63 68 65 79"),
            (
                0x8d,
                &[Int32(7), Text(b"ab"), Double(0.25_f64.to_bits()), Int64(0x1_2345_6789), Int32(-1)],
                "86 18 8d 07 62 61 62 fb 3f d0 00 00 00 00 00 00 81 1b 00 00 00 01 23 45 67 89 20",
            ),
        ] {
            assert_eq!(encoded(id, arguments), hex(bytes));
        }
    }

    #[test]
    fn what_stands_for_a_log_that_is_too_long() {
        let mut bytes = Collected(Vec::new());
        assert!(encode_too_long(&mut Encoder::new(&mut bytes, 10), 0x13e, 130));
        assert_eq!(bytes.0, hex("82 19 01 3e a2 00 01 01 18 82"));
        assert!(!encode_too_long(&mut Encoder::new(&mut Collected(Vec::new()), 9), 0x13e, 130));
    }
}
