//! Finds out what an input is from its first bytes (spec 80 §7.2).

use super::encoded::{Encoding, decode};
use crate::cli::InputFormat;
use memfault_decode::base64::is_base64_char;
use memfault_decode::tokens::{Found, Scanner};
use memfault_decode::{chunk, container, coredump, http};

/// A token must occur in this many bytes for a text to be recognised by it.
pub const HEAD_LEN: usize = 64 << 10;
/// From this size on, text with a few bytes of line noise is not taken for a binary chunk.
const SURE_TEXT_LEN: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Container,
    Hex,
    Base64,
    Binary,
    /// Captured requests of the chunks HTTP API.
    Http,
    /// A coredump as the device stored it.
    Coredump,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Detected {
    pub format: Format,
    /// Hex and base64: each line is a chunk.
    pub per_line: bool,
    /// Serial from the header of a `.chunks` file.
    pub serial: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Detected(Detected),
    NeedMore,
    /// It is something that holds no chunks, or not in a form that can be read.
    Refused(&'static str),
}

/// Judges the first bytes of an input. `complete`: there are no more, or [`HEAD_LEN`] are there.
pub fn detect(head: &[u8], complete: bool, wanted: InputFormat, has_header: bool) -> Verdict {
    let format = match wanted {
        InputFormat::Auto => match recognise(head, complete) {
            Ok(Some(format)) => format,
            Ok(None) => return Verdict::NeedMore,
            Err(reason) => return Verdict::Refused(reason),
        },
        InputFormat::Text => Format::Text,
        InputFormat::Hex => Format::Hex,
        InputFormat::Base64 => Format::Base64,
        InputFormat::Binary => Format::Binary,
        InputFormat::Chnk => Format::Container,
        InputFormat::Http => Format::Http,
        InputFormat::Coredump => Format::Coredump,
    };
    let per_line = match format {
        Format::Hex | Format::Base64 => {
            let encoding = if format == Format::Hex { Encoding::Hex } else { Encoding::Base64 };
            let lines = head.iter().filter(|&&byte| byte == b'\n').count();
            if lines < 2 && !complete {
                return Verdict::NeedMore;
            }
            one_per_line(head, encoding)
        }
        _ => false,
    };
    let serial = has_header.then(|| header_serial(head)).flatten();
    Verdict::Detected(Detected { format, per_line, serial })
}

fn recognise(head: &[u8], complete: bool) -> Result<Option<Format>, &'static str> {
    let undecided = |format| Ok(complete.then_some(format));
    if head.starts_with(coredump::MAGIC) {
        return Ok(Some(Format::Coredump));
    }
    if http::STARTS.iter().any(|start| head.starts_with(start)) {
        return Ok(Some(Format::Http));
    }
    for (magic, reason) in [
        (&b"\x7fELF"[..], "this is an ELF file, not data of a device"),
        (b"\x1f\x8b", "this file is compressed: unpack it, for instance with `zcat FILE | mflt decode`"),
    ] {
        if head.starts_with(magic) {
            return Err(reason);
        }
    }
    let Some(&first) = head.first() else { return undecided(Format::Text) };
    if head.starts_with(container::MAGIC) {
        return Ok(Some(Format::Container));
    }
    // UTF-16 with its byte order mark.
    if head.starts_with(&[0xff, 0xfe]) || has_token(head) {
        return Ok(Some(Format::Text));
    }
    for encoding in [Encoding::Hex, Encoding::Base64] {
        if consists_of(head, encoding) {
            return undecided(if encoding == Encoding::Hex { Format::Hex } else { Format::Base64 });
        }
    }
    let magics = [&container::MAGIC[..], coredump::MAGIC].into_iter().chain(http::STARTS);
    if magics.into_iter().any(|magic| magic.starts_with(head)) {
        return undecided(Format::Text);
    }
    if chunk::is_chunk_header(first) {
        let text = head.iter().filter(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n' | 0x1b)).count();
        let is_text = text == head.len() || head.len() >= SURE_TEXT_LEN && text * 10 > head.len() * 9;
        return if is_text { Ok(Some(Format::Text)) } else { undecided(Format::Binary) };
    }
    Ok(Some(Format::Text))
}

fn has_token(head: &[u8]) -> bool {
    let mut has = false;
    let mut scanner = Scanner::new(0, true);
    scanner.push(head, &mut |found, _| has |= matches!(found, Found::Token(..) | Found::Joined(..)));
    has
}

/// Whether all of `head` is of this encoding and begins with a chunk.
fn consists_of(head: &[u8], encoding: Encoding) -> bool {
    let fits = |&byte: &u8| {
        byte.is_ascii_whitespace()
            || match encoding {
                Encoding::Hex => byte.is_ascii_hexdigit() || matches!(byte, b'x' | b'X' | b',' | b':' | b'-'),
                Encoding::Base64 => is_base64_char(byte),
            }
    };
    head.iter().all(fits) && begins_with_chunk(head, encoding)
}

fn begins_with_chunk(text: &[u8], encoding: Encoding) -> bool {
    // Four characters of base64 are three bytes; "0x08" is one byte in hex.
    let start: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(4).collect();
    decode(encoding, &start).is_ok_and(|bytes| bytes.first().is_some_and(|&byte| chunk::is_chunk_header(byte)))
}

/// One chunk may be wrapped over many lines (`xxd -p`, `base64`): then most lines do not begin like a chunk.
fn one_per_line(head: &[u8], encoding: Encoding) -> bool {
    let mut lines = head.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines.all(|line| begins_with_chunk(line, encoding))
}

/// The serial in the second line of a `.chunks` file, if its first two lines are no tokens.
fn header_serial(head: &[u8]) -> Option<String> {
    let mut lines = head.split(|&byte| byte == b'\n').map(|line| line.trim_ascii());
    let (_key, serial) = (lines.next()?, lines.next()?);
    let valid = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (matches!(serial.len(), 1..=128) && serial.iter().all(valid)).then(|| String::from_utf8_lossy(serial).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(head: &[u8], complete: bool) -> Option<(Format, bool)> {
        match detect(head, complete, InputFormat::Auto, false) {
            Verdict::Detected(Detected { format, per_line, .. }) => Some((format, per_line)),
            _ => None,
        }
    }

    #[test]
    fn every_form_is_recognised() {
        for (head, format, per_line) in [
            (&b"CHNK\0\0\0\x01z"[..], Format::Container, false),
            (b"CORE\x02\0\0\0", Format::Coredump, false),
            (b"POST /api/v0/chunks/X HTTP/1.1\r\n", Format::Http, false),
            (b"[I] boot\nMC:CAI=:\n", Format::Text, false),
            (b"\xff\xfeM\0C\0", Format::Text, false),
            (b"080230313233342750\n", Format::Hex, true),
            (b"08 02 30 31\n32 33 34 27 50\n", Format::Hex, false),
            (b"480a023031\n800a9dba\n", Format::Hex, true),
            (b"0x08, 0x02", Format::Hex, true),
            (b"CAIwMTIzNCdQ", Format::Base64, true),
            (b"SGUDAAEC\nAwQFBgcI\n", Format::Base64, false),
            (b"\x08\x02\x10\x20\x30\x40\x50\xc8\x2a", Format::Binary, false),
            (b"\x80\x0a\x9d\xba", Format::Binary, false),
            (b"Hello, no token here\n", Format::Text, false),
            (b"plain text", Format::Text, false),
            (b"1234 5678 9012\n", Format::Text, false),
            (b"", Format::Text, false),
        ] {
            assert_eq!(auto(head, true), Some((format, per_line)), "{:?}", String::from_utf8_lossy(head));
        }
        let noisy = [&b"\x80\xc0"[..], &b"[I] boot of the device\n".repeat(20)].concat();
        assert_eq!(auto(&noisy, true), Some((Format::Text, false)), "line noise at the start of a log");
    }

    #[test]
    fn a_live_text_is_decided_at_once_and_a_single_chunk_waits() {
        assert_eq!(auto(b"[I] boot", false), Some((Format::Text, false)));
        assert_eq!(auto(b"hello", false), Some((Format::Text, false)));
        for head in [&b""[..], b"0802", b"CAIw", b"\x08\x02\x10", b"CHN", b"POST /ap"] {
            assert_eq!(auto(head, false), None, "{head:?}");
        }
    }

    #[test]
    fn other_files_are_refused_with_advice() {
        for head in [&b"\x7fELF\x01"[..], b"\x1f\x8b\x08"] {
            assert!(matches!(detect(head, true, InputFormat::Auto, false), Verdict::Refused(_)));
        }
    }

    #[test]
    fn a_chunks_file_names_its_device() {
        let detected = |head: &[u8]| match detect(head, true, InputFormat::Auto, true) {
            Verdict::Detected(detected) => detected.serial,
            _ => None,
        };
        assert_eq!(detected(b"0123456789abcdef\nKETTLE-7\nMC:CAI=:\n").as_deref(), Some("KETTLE-7"));
        assert_eq!(detected(b"MC:CAI=:\nMC:CAI=:\n"), None);
    }
}
