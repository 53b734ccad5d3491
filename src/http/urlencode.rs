//! Values inside of URLs (spec 70 section 6.2).

/// May stand in a URL as it is: an ASCII letter or digit, or one of `-_.~`.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

/// Whether any byte has to be escaped.
pub fn needs_escape(text: &[u8]) -> bool {
    !text.iter().all(|byte| is_unreserved(*byte))
}

/// A hex digit, in upper case.
fn hex(nibble: u8) -> u8 {
    nibble + if nibble < 10 { b'0' } else { b'A' - 10 }
}

/// Writes `text` with every byte that is not unreserved as `%XX`, and a NUL. Returns the length without the NUL.
///
/// `None`: `text` is empty, or there is no room. `out` then holds the pieces that had room for themselves and a NUL, without one.
pub fn encode(text: &[u8], out: &mut [u8]) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let mut len = 0;
    for byte in text {
        let escape = [b'%', hex(byte >> 4), hex(byte & 0xF)];
        let piece = if is_unreserved(*byte) { core::slice::from_ref(byte) } else { &escape };
        let room = out.get_mut(len..)?;
        if room.len() <= piece.len() {
            return None;
        }
        for (slot, byte) in room.iter_mut().zip(piece) {
            *slot = *byte;
        }
        len += piece.len();
    }
    *out.get_mut(len)? = 0;
    Some(len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::String;

    #[test]
    fn unreserved_bytes_stay_and_all_others_are_escaped() {
        for byte in 0..=255u8 {
            let plain = char::from(byte).is_ascii_alphanumeric() || "-_.~".contains(char::from(byte));
            let wanted = if plain { String::from(char::from(byte)) } else { format!("%{byte:02X}") };
            let mut out = [0xEE; 5];
            assert_eq!(encode(&[byte], &mut out), Some(wanted.len()), "{byte}");
            assert_eq!(&out[..wanted.len()], wanted.as_bytes(), "{byte}");
            assert_eq!(out[wanted.len()], 0, "{byte}");
            assert_eq!(needs_escape(&[byte]), !plain, "{byte}");
        }
        assert!(!needs_escape(b""));
    }

    #[test]
    fn each_piece_needs_room_for_itself_and_a_terminator() {
        let mut out = [0xEE; 8];
        assert_eq!(encode(b"a b", &mut out[..4]), None);
        assert_eq!(&out, b"a\xEE\xEE\xEE\xEE\xEE\xEE\xEE", "the escape had room, but its terminator had none");
        assert_eq!(encode(b"a b", &mut out[..5]), None);
        assert_eq!(&out, b"a%20\xEE\xEE\xEE\xEE", "what had room stays");
        assert_eq!(encode(b"a b", &mut out[..6]), Some(5));
        assert_eq!(&out, b"a%20b\0\xEE\xEE");
        for (text, len) in [(&b""[..], 8), (b"a", 0), (b"a", 1), (b"ab", 2), (b"/", 3)] {
            assert_eq!(encode(text, &mut out[..len]), None, "{text:?} into {len}");
        }
    }
}
