//! Base64 of RFC 4648 section 4 (spec 10 section 13): alphabet with `+` and `/`, always padded, no line breaks, no NUL.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Characters that `len` bytes become. Saturates instead of wrapping.
pub const fn encoded_len(len: usize) -> usize {
    len.div_ceil(3).saturating_mul(4)
}

/// Writes the encoding of `data` to `out`, [`encoded_len`] characters. What does not fit in `out` is left out.
pub fn encode(data: &[u8], out: &mut [u8]) {
    for (group, quad) in data.chunks(3).zip(out.as_chunks_mut::<4>().0) {
        *quad = encode_group(group);
    }
}

/// Encodes the first `len` bytes of `buf` onto `buf` itself, from the end to the start so that no scratch memory is needed.
/// Does nothing unless `buf` holds [`encoded_len`] bytes.
pub fn encode_in_place(buf: &mut [u8], len: usize) {
    if encoded_len(len) > buf.len() {
        return;
    }
    for group in (0..len.div_ceil(3)).rev() {
        let start = group * 3;
        let end = (start + 3).min(len);
        let quad = encode_group(buf.get(start..end).unwrap_or(&[]));
        if let Some(out) = buf.get_mut(group * 4..group * 4 + 4) {
            out.copy_from_slice(&quad);
        }
    }
}

fn encode_group(group: &[u8]) -> [u8; 4] {
    // Padded with zero bits, then the characters that stand for none of the data become `=`.
    let byte = |i| u32::from(group.get(i).copied().unwrap_or(0));
    let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
    // The index has six bits, so the table look-up cannot fail.
    let c = |shift: u32| ALPHABET[(bits >> shift) as usize & 63];
    let third = if group.len() > 1 { c(6) } else { b'=' };
    let fourth = if group.len() > 2 { c(0) } else { b'=' };
    [c(18), c(12), third, fourth]
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
