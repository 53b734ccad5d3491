//! Strict base64 (RFC 4648 section 4): padding is required, unused bits must be zero (spec 80 §7.2).

use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;

/// True for the characters of the alphabet and for the padding character.
pub const fn is_base64_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Decodes `text` into `out` (which is emptied first). On failure `out` is empty; the reason names what is wrong.
pub fn decode_into(text: &[u8], out: &mut Vec<u8>) -> Result<(), &'static str> {
    out.clear();
    if STANDARD.decode_vec(text, out).is_ok() {
        return Ok(());
    }
    out.clear();
    Err(if !text.len().is_multiple_of(4) {
        "its length is not a multiple of 4"
    } else if !text.iter().all(|&byte| is_base64_char(byte)) {
        "it has characters that are not base64"
    } else {
        "its padding is wrong, or its unused bits are not zero"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_the_canonical_form() {
        let mut out = vec![9];
        assert_eq!(decode_into(b"++++AA==", &mut out), Ok(()));
        assert_eq!(out, [0xfb, 0xef, 0xbe, 0x00]);
        for bad in [&b"++++AB=="[..], b"AAA", b"AA=A", b"AAAA====", b"AA A", b"====", b"A==="] {
            assert!(decode_into(bad, &mut out).is_err(), "{bad:?}");
            assert!(out.is_empty());
        }
    }
}
