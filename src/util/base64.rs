//! Base64 of RFC 4648 section 4 (spec 10 section 13): alphabet with `+` and `/`, always padded, no line breaks, no NUL.

use core::cell::Cell;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Characters that `len` bytes become. Saturates instead of wrapping.
pub const fn encoded_len(len: usize) -> usize {
    len.div_ceil(3).saturating_mul(4)
}

/// Writes the encoding of `data` to `out`, [`encoded_len`] characters. What does not fit in `out` is left out.
pub fn encode(data: &[u8], out: &mut [u8]) {
    let byte = |at| data.get(at).copied().unwrap_or(0);
    encode_backwards(data.len(), byte, |at, quad| put(out, at, quad));
}

/// Encodes the first `len` bytes of `buf` onto `buf` itself, without scratch memory. Does nothing unless `buf` holds
/// [`encoded_len`] bytes.
pub fn encode_in_place(buf: &mut [u8], len: usize) {
    if encoded_len(len) > buf.len() {
        return;
    }
    let cells = Cell::from_mut(buf).as_slice_of_cells();
    let byte = |at| cells.get(at).map_or(0, Cell::get);
    encode_backwards(len, byte, |at, quad| {
        for (cell, character) in cells.iter().skip(at).zip(quad) {
            cell.set(character);
        }
    });
}

fn put(out: &mut [u8], at: usize, quad: [u8; 4]) {
    if let Some(quad_out) = at.checked_add(quad.len()).and_then(|end| out.get_mut(at..end)) {
        quad_out.copy_from_slice(&quad);
    }
}

/// Encodes `len` bytes from the end to the start, so that the text may take the place of the data. `byte` gives a byte, `put`
/// gets the four characters that go to a place in the text.
#[inline(always)]
pub fn encode_backwards(len: usize, byte: impl Fn(usize) -> u8, mut put: impl FnMut(usize, [u8; 4])) {
    // The index has six bits, so the table look-up cannot fail.
    let character = |bits: u32| ALPHABET[bits as usize & 63];
    let mut group = len.div_ceil(3);
    while group != 0 {
        group -= 1;
        let start = group * 3;
        let left = len - start;
        // Padded with zero bits, then the characters that stand for none of the data become `=`.
        let mut bits = u32::from(byte(start)) << 16;
        let mut quad = [b'='; 4];
        if left > 1 {
            bits |= u32::from(byte(start + 1)) << 8;
            if left > 2 {
                bits |= u32::from(byte(start + 2));
                quad[3] = character(bits);
            }
            quad[2] = character(bits >> 6);
        }
        quad[1] = character(bits >> 12);
        quad[0] = character(bits >> 18);
        put(group * 4, quad);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[test]
    fn rfc_vectors_both_ways() {
        for (data, text) in [
            (&b""[..], &b""[..]),
            (b"f", b"Zg=="),
            (b"fo", b"Zm8="),
            (b"foo", b"Zm9v"),
            (b"foob", b"Zm9vYg=="),
            (&[0xfb, 0xef, 0xbe, 0], b"++++AA=="),
        ] {
            let mut out = vec![0xa5; encoded_len(data.len()) + 2];
            encode(data, &mut out[..encoded_len(data.len())]);
            assert_eq!(&out[..text.len()], text);
            assert_eq!(&out[text.len()..], [0xa5, 0xa5]);

            let mut buf = vec![0xa5; encoded_len(data.len()) + 2];
            buf[..data.len()].copy_from_slice(data);
            encode_in_place(&mut buf, data.len());
            assert_eq!(&buf[..text.len()], text);
            assert_eq!(&buf[text.len()..], [0xa5, 0xa5]);
        }
    }

    #[test]
    fn a_short_buffer_is_left_alone_in_place() {
        let mut buf = [1, 2, 3];
        encode_in_place(&mut buf, 3);
        assert_eq!(buf, [1, 2, 3]);
    }
}
