//! Base-128 varints (spec 10 section 3): least significant group first, bit 7 set on every byte but the last.

/// The longest encoding of a 32-bit value, in bytes.
pub const MAX_LEN: usize = 5;

/// An encoded value: at most [`MAX_LEN`] bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Varint {
    bytes: [u8; MAX_LEN],
    len: u8,
}

impl Varint {
    /// No encoding at all; only a placeholder.
    pub const NONE: Self = Self { bytes: [0; MAX_LEN], len: 0 };

    /// Encodes `value` in the shortest form, 1 to 5 bytes.
    pub fn new(value: u32) -> Self {
        let mut bytes = [0; MAX_LEN];
        let len = put(value, &mut bytes) as u8;
        Self { bytes, len }
    }

    /// Encodes a signed value: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
    pub fn new_signed(value: i32) -> Self {
        Self::new(zigzag(value))
    }

    /// The encoded bytes.
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len()).unwrap_or(&[])
    }

    /// The encoding with zeroes behind it.
    pub const fn padded(&self) -> &[u8; MAX_LEN] {
        &self.bytes
    }

    /// How many bytes the encoding has, 1 to 5.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub const fn len(&self) -> usize {
        self.len as usize
    }
}

/// Writes the encoding of `value` to the front of `out` and returns its length. What does not fit is left out.
pub fn put(value: u32, out: &mut [u8]) -> usize {
    let mut rest = value;
    let mut len = 0;
    for slot in out {
        len += 1;
        if rest <= 0x7f {
            *slot = rest as u8;
            break;
        }
        *slot = rest as u8 | 0x80;
        rest >>= 7;
    }
    len
}

/// Maps a signed value to the unsigned one that the varint carries.
pub const fn zigzag(value: i32) -> u32 {
    ((value as u32) << 1) ^ ((value >> 31) as u32)
}

/// The length of the encoding of `value` in bytes, 1 to 5.
pub const fn encoded_len(value: u32) -> usize {
    let mut len = 1;
    let mut rest = value >> 7;
    while rest != 0 {
        len += 1;
        rest >>= 7;
    }
    len
}

/// Reads a varint from the front of `bytes`: the value and its length. `None`: cut off, longer than 5 bytes, or above 32 bits.
pub fn parse(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0u64;
    for (i, &byte) in bytes.iter().take(MAX_LEN).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return u32::try_from(value).ok().map(|v| (v, i + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spec_examples() {
        for (value, bytes) in [
            (0u32, &[0u8][..]),
            (127, &[0x7f]),
            (300, &[0xac, 2]),
            (268_435_455, &[0xff, 0xff, 0xff, 0x7f]),
            (268_435_456, &[0x80, 0x80, 0x80, 0x80, 1]),
            (u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        ] {
            assert_eq!(Varint::new(value).as_slice(), bytes);
            assert_eq!(encoded_len(value), bytes.len());
            assert_eq!(parse(bytes), Some((value, bytes.len())));
        }
        for (value, bytes) in [
            (0, &[0u8][..]),
            (-1, &[1]),
            (1, &[2]),
            (-64, &[0x7f]),
            (64, &[0x80, 1]),
            (200, &[0x90, 3]),
            (i32::MAX, &[0xfe, 0xff, 0xff, 0xff, 0x0f]),
            (i32::MIN, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        ] {
            assert_eq!(Varint::new_signed(value).as_slice(), bytes);
        }
    }

    #[test]
    fn a_cut_or_oversized_varint_is_refused() {
        assert_eq!(parse(&[]), None);
        assert_eq!(parse(&[0x80]), None);
        assert_eq!(parse(&[0xff, 0xff, 0xff, 0xff, 0x10]), None);
        assert_eq!(parse(&[0x80; 6]), None);
    }
}
