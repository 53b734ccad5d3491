//! Base-128 varints (spec 10 §3): least significant group first, bit 7 set on every byte but the last.

/// Longest encoding of a 32-bit value, in bytes.
pub const MAX_LEN: usize = 5;

/// Why no value could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VarintError {
    /// The bytes end inside the number.
    Truncated,
    /// More than five bytes, or a value above 2^32 - 1.
    TooLong,
}

/// Reads an unsigned number from the front of `bytes`; gives it and its length in bytes.
pub fn read_u32(bytes: &[u8]) -> Result<(u32, usize), VarintError> {
    let mut value = 0u64;
    for (index, &byte) in bytes.iter().take(MAX_LEN).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).map_err(|_| VarintError::TooLong)?;
            return Ok((value, index + 1));
        }
    }
    Err(if bytes.len() < MAX_LEN { VarintError::Truncated } else { VarintError::TooLong })
}

/// Reads a zig-zag number (0, -1, 1, -2 ... are stored as 0, 1, 2, 3 ...); gives it and its length in bytes.
pub fn read_i32(bytes: &[u8]) -> Result<(i32, usize), VarintError> {
    let (code, len) = read_u32(bytes)?;
    let half = (code >> 1) as i32;
    Ok((if code & 1 == 0 { half } else { -half - 1 }, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spec_table_of_unsigned_values() {
        for (value, bytes) in [
            (0u32, &[0x00][..]),
            (127, &[0x7f]),
            (300, &[0xac, 0x02]),
            (268_435_455, &[0xff, 0xff, 0xff, 0x7f]),
            (268_435_456, &[0x80, 0x80, 0x80, 0x80, 0x01]),
            (u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        ] {
            assert_eq!(read_u32(bytes), Ok((value, bytes.len())));
        }
    }

    #[test]
    fn spec_table_of_signed_values() {
        for (value, bytes) in [
            (0i32, &[0x00][..]),
            (-1, &[0x01]),
            (1, &[0x02]),
            (-2, &[0x03]),
            (-64, &[0x7f]),
            (64, &[0x80, 0x01]),
            (-65, &[0x81, 0x01]),
            (200, &[0x90, 0x03]),
            (i32::MAX, &[0xfe, 0xff, 0xff, 0xff, 0x0f]),
            (i32::MIN, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        ] {
            assert_eq!(read_i32(bytes), Ok((value, bytes.len())));
        }
    }

    #[test]
    fn too_long_and_cut_short_are_told_apart() {
        assert_eq!(read_u32(&[]), Err(VarintError::Truncated));
        assert_eq!(read_u32(&[0x80, 0x80]), Err(VarintError::Truncated));
        assert_eq!(read_u32(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]), Err(VarintError::TooLong));
        assert_eq!(read_u32(&[0xff, 0xff, 0xff, 0xff, 0x1f]), Err(VarintError::TooLong));
    }
}
