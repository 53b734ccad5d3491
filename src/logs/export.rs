//! Compact logs as lines of text (spec 30 section 6.2): `ML:`, base64 with padding, `:`.

use crate::util::base64;

/// In front of the base64.
pub const PREFIX: &[u8; 3] = b"ML:";
/// Behind it.
pub const SUFFIX: &[u8; 1] = b":";

/// Bytes of the line for `len` bytes of CBOR, its NUL included.
pub const fn line_len(len: usize) -> usize {
    PREFIX.len() + base64::encoded_len(len) + SUFFIX.len() + 1
}

/// Writes the line for a piece of CBOR and a NUL to `out`, which has room for [`line_len`] bytes. Returns its length without
/// the NUL, or 0 if there was no room.
pub fn write_line(piece: &[u8], out: &mut [u8]) -> usize {
    let len = line_len(piece.len());
    let Some((line, nul)) = out.get_mut(..len).and_then(|out| out.split_at_mut_checked(len - 1)) else { return 0 };
    let Some((prefix, rest)) = line.split_at_mut_checked(PREFIX.len()) else { return 0 };
    let Some((encoded, suffix)) = rest.split_at_mut_checked(base64::encoded_len(piece.len())) else { return 0 };
    for (to, from) in prefix.iter_mut().zip(PREFIX).chain(suffix.iter_mut().zip(SUFFIX)).chain(nul.iter_mut().zip(&[0]))
    {
        *to = *from;
    }
    base64::encode(piece, encoded);
    len - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn example_of_the_specification() {
        let mut line = [0xa5; 20];
        assert_eq!(write_line(&[0x82, 0x19, 0x01, 0x4b, 0x05], &mut line), 12);
        assert_eq!(&line[..14], b"ML:ghkBSwU=:\0\xa5");
    }

    #[test]
    fn a_line_of_80_bytes_takes_113_and_no_less_will_do() {
        assert_eq!(line_len(80), 113);
        assert_eq!(write_line(&[0; 80], &mut [0; 113]), 112);
        assert_eq!(write_line(&[0; 80], &mut [0; 112]), 0);
    }
}
