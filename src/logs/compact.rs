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

use crate::util::cbor::{self, Encoder, Sink};

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

/// Takes the bytes of a log.
pub trait Output {
    /// The next piece, which may be empty. True if there was room.
    fn bytes(&mut self, bytes: &[u8]) -> bool;

    /// The first `len` bytes of: `first`, the others big endian.
    #[inline]
    fn head(&mut self, first: u8, upper: u32, lower: u32, len: usize) -> bool {
        let [a, b, c, d] = upper.to_be_bytes();
        let [e, f, g, h] = lower.to_be_bytes();
        let bytes = [first, a, b, c, d, e, f, g, h];
        self.bytes(bytes.get(..len).unwrap_or(&bytes))
    }
}

impl<S: Sink> Output for Encoder<S> {
    fn bytes(&mut self, bytes: &[u8]) -> bool {
        self.join(bytes)
    }
}

/// An item's head with a number of up to 64 bits, in the shortest form; a double has no shorter one. In one function for all
/// items, which makes it small.
#[inline(never)]
fn item(out: &mut impl Output, major: u8, number: u64) -> bool {
    let (mut upper, mut lower) = ((number >> 32) as u32, number as u32);
    let mut more = 8;
    let mut info = 27;
    if upper == 0 && major != cbor::SIMPLE {
        (more, info) = match lower {
            0..24 => (0, lower as u8),
            24..0x100 => (1, 24),
            0x100..0x1_0000 => (2, 25),
            _ => (4, 26),
        };
        // The bytes that count to the front; where there are none, nobody looks at them.
        upper = lower << ((32 - 8 * more) & 31);
        lower = 0;
    }
    out.head(major | info, upper, lower, 1 + more)
}

/// Encodes a log. Stops at the first item that does not fit; then false.
pub fn encode<'a>(out: &mut impl Output, id: u32, mut arguments: impl ExactSizeIterator<Item = Argument<'a>>) -> bool {
    item(out, cbor::ARRAY, 1 + arguments.len() as u64)
        && item(out, cbor::UNSIGNED, id.into())
        && arguments.all(|argument| {
            let (major, number, text) = match argument {
                Argument::Int32(value) => signed(value.into()),
                Argument::Int64(value) => {
                    if !item(out, cbor::ARRAY, 1) {
                        return false;
                    }
                    signed(value)
                }
                Argument::Double(bits) => (cbor::SIMPLE, bits, &[][..]),
                Argument::Text(text) => (cbor::TEXT, text.len() as u64, text),
            };
            item(out, major, number) && (text.is_empty() || out.bytes(text))
        })
}

/// Major type, number and no text. The complement of a negative number is -1 - value.
fn signed<'a>(value: i64) -> (u8, u64, &'a [u8]) {
    if value < 0 { (cbor::NEGATIVE, !value as u64, &[]) } else { (cbor::UNSIGNED, value as u64, &[]) }
}

/// Encodes what stands for a log of `len` bytes. False: not even that fits.
pub fn encode_too_long(out: &mut impl Output, id: u32, len: u32) -> bool {
    item(out, cbor::ARRAY, 2)
        && item(out, cbor::UNSIGNED, id.into())
        && item(out, cbor::MAP, 2)
        && [KIND_KEY, KIND_TOO_LONG, LENGTH_KEY, len].into_iter().all(|number| item(out, cbor::UNSIGNED, number.into()))
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
