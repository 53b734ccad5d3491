//! Captured requests of the chunks HTTP API (spec 80 §1.1 and §1.2): `POST /api/v0/chunks/{serial}` with one chunk as its body, or
//! with a `multipart/mixed` body of several.
//!
//! It takes what real clients send: no blanks behind the colons of headers (firmware), parts without a header, with form-data
//! headers (curl) or with a header that cannot be read (iOS). Parts end at the boundary, whatever their length header says.

use crate::base64;
use memchr::memmem;
use std::borrow::Cow;

/// What a request begins with. Some clients double a slash in front.
pub const STARTS: [&[u8]; 2] = [b"POST /api/v0/chunks/", b"POST //api/v0/chunks/"];
/// What an answer begins with.
const ANSWER: &[u8] = b"HTTP/";
/// Longest head: request line and headers.
const MAX_HEAD_LEN: usize = 32 << 10;
/// Longest boundary of parts.
const MAX_BOUNDARY_LEN: usize = 70;
/// Longest serial of a device.
const MAX_SERIAL_LEN: usize = 128;

/// A chunk, with its offset from the start of what it is in.
pub type Chunk<'a> = (usize, Cow<'a, [u8]>);

/// One step of reading a capture.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A request.
    Request {
        /// Serial of the device, from the path.
        serial: String,
        /// Its chunks, each with its offset from the start of the request.
        chunks: Vec<Chunk<'a>>,
        /// Offset behind the request.
        end: usize,
    },
    /// A request that cannot be used: why, and its length, as far as it is known.
    Damaged {
        /// In a sentence.
        reason: String,
        /// Bytes to skip.
        len: usize,
    },
    /// No request begins at the front: `len` bytes have to be skipped.
    Other {
        /// Bytes up to the next request, or to where one may begin.
        len: usize,
        /// They are an answer of the server, which a capture of both directions holds.
        is_answer: bool,
    },
    /// The buffer ends inside a request: more bytes are needed.
    Incomplete,
}

/// What is read of the headers.
#[derive(Default)]
struct Head {
    content_length: Option<usize>,
    boundary: Option<Vec<u8>>,
    is_multipart: bool,
    is_base64: bool,
    is_chunked: bool,
}

/// Looks at the front of `buffer`. A body may have at most `max_len` bytes.
pub fn step(buffer: &[u8], max_len: usize) -> Step<'_> {
    let Some(start) = STARTS.into_iter().find(|start| buffer.starts_with(start)) else {
        let can_begin = |text: &[u8]| STARTS.iter().any(|start| start.starts_with(text));
        if can_begin(buffer) || ANSWER.starts_with(buffer) {
            return Step::Incomplete;
        }
        let next = STARTS.iter().filter_map(|start| memmem::find(buffer, start)).min();
        // The last bytes may be the beginning of a request.
        let longest = STARTS.map(<[u8]>::len).into_iter().max().unwrap_or_default();
        let tail = buffer.len().saturating_sub(longest).max(1);
        let len =
            next.unwrap_or_else(|| (tail..buffer.len()).find(|&at| can_begin(&buffer[at..])).unwrap_or(buffer.len()));
        return Step::Other { len, is_answer: buffer.starts_with(ANSWER) };
    };
    let damaged = |reason: &str, len| Step::Damaged { reason: reason.to_owned(), len };
    let Some(head_len) = memmem::find(&buffer[..buffer.len().min(MAX_HEAD_LEN)], b"\r\n\r\n") else {
        let too_long = buffer.len() >= MAX_HEAD_LEN;
        return if too_long {
            damaged("a request without an end of its headers", start.len())
        } else {
            Step::Incomplete
        };
    };
    let body_at = head_len + 4;
    let mut lines = buffer[..head_len].split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let path = lines.next().and_then(|line| line.get(start.len()..)).unwrap_or_default();
    let head = headers(lines);
    if head.is_chunked {
        return damaged("a request with Transfer-Encoding, which no client of this API uses", body_at);
    }
    let Some(len) = head.content_length else { return damaged("a request without a Content-Length", body_at) };
    if len > max_len {
        return Step::Damaged { reason: format!("a request claims a body of {len} bytes"), len: body_at };
    }
    let Some(body) = buffer.get(body_at..body_at + len) else { return Step::Incomplete };
    let end = body_at + len;
    let serial = path.split(|byte| matches!(byte, b' ' | b'?')).next().unwrap_or_default();
    let Some(serial) = serial_of(serial) else {
        return damaged("a request for no device: its path has no serial", end);
    };
    let chunks = match (head.is_multipart, head.boundary, head.is_base64) {
        (false, _, false) => Ok(vec![(0, Cow::Borrowed(body))]),
        (false, _, true) => decoded(body).map(|chunk| vec![(0, Cow::Owned(chunk))]),
        (true, Some(boundary), false) => parts(body, &boundary),
        (true, None, _) => Err("a request with parts, but without their boundary".to_owned()),
        (true, _, true) => Err("a request with parts in base64, which no client sends".to_owned()),
    };
    match chunks {
        // Servers skip empty parts too.
        Ok(chunks) => {
            let chunks = chunks.into_iter().filter(|(_, chunk)| !chunk.is_empty());
            Step::Request { serial, chunks: chunks.map(|(at, chunk)| (body_at + at, chunk)).collect(), end }
        }
        Err(reason) => Step::Damaged { reason, len: end },
    }
}

fn headers<'h>(lines: impl Iterator<Item = &'h [u8]>) -> Head {
    let mut head = Head::default();
    for line in lines {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let (name, value) = (line[..colon].to_ascii_lowercase(), line[colon + 1..].trim_ascii());
        match &*name {
            b"content-length" => {
                head.content_length = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok())
            }
            b"content-encoding" => head.is_base64 = value.eq_ignore_ascii_case(b"base64"),
            b"transfer-encoding" => head.is_chunked = true,
            b"content-type" => {
                head.is_multipart = value.to_ascii_lowercase().starts_with(b"multipart/");
                head.boundary = boundary(value);
            }
            _ => {}
        }
    }
    head
}

/// The `boundary` parameter of a content type, with or without quotes.
fn boundary(content_type: &[u8]) -> Option<Vec<u8>> {
    const NAME: &[u8] = b"boundary=";
    let mut parameters = content_type.split(|&byte| byte == b';').map(<[u8]>::trim_ascii);
    let is_it = |parameter: &&[u8]| parameter.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME));
    let value = &parameters.find(is_it)?[NAME.len()..];
    let value = value.strip_prefix(b"\"").map_or(value, |value| value.strip_suffix(b"\"").unwrap_or(value));
    matches!(value.len(), 1..=MAX_BOUNDARY_LEN).then(|| value.to_vec())
}

fn serial_of(path: &[u8]) -> Option<String> {
    let mut serial = Vec::new();
    let mut rest = path;
    while let [byte, behind @ ..] = rest {
        rest = behind;
        let mut letter = *byte;
        if let (b'%', [high, low, behind @ ..]) = (letter, rest) {
            let digits = [*high, *low].map(|digit| char::from(digit).to_digit(16));
            let [Some(high), Some(low)] = digits else { return None };
            (letter, rest) = ((high << 4 | low) as u8, behind);
        }
        serial.push(letter);
    }
    let serial = String::from_utf8(serial).ok()?;
    let is_plain = |letter: char| !letter.is_control() && !matches!(letter, '/' | '\\');
    (matches!(serial.len(), 1..=MAX_SERIAL_LEN) && serial.chars().all(is_plain)).then_some(serial)
}

fn decoded(body: &[u8]) -> Result<Vec<u8>, String> {
    let text: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let mut out = Vec::new();
    base64::decode_into(&text, &mut out).map_err(|reason| format!("a request whose base64 is damaged: {reason}"))?;
    Ok(out)
}

/// The parts of a body, each with its offset in it. Chunks are binary: only a whole delimiter ends one.
fn parts<'b>(body: &'b [u8], boundary: &[u8]) -> Result<Vec<Chunk<'b>>, String> {
    let delimiter = [b"\r\n--", boundary].concat();
    let mut out = Vec::new();
    let mut delimiters = delimiters(body, &delimiter);
    let Some(mut at) = delimiters.next() else {
        return Err("a request without any of the parts that it announces".to_owned());
    };
    while !at.is_last {
        let Some(next) = delimiters.next() else {
            return Err("a request whose last part has no end".to_owned());
        };
        let part = body.get(at.end..next.start).unwrap_or_default();
        // A part without headers begins with an empty line.
        let head = if part.starts_with(b"\r\n") { Some(2) } else { memmem::find(part, b"\r\n\r\n").map(|end| end + 4) };
        let head = head.unwrap_or(part.len());
        out.push((at.end + head, Cow::Borrowed(part.get(head..).unwrap_or_default())));
        at = next;
    }
    Ok(out)
}

/// A delimiter: where it and what is behind it begin.
#[derive(Clone, Copy)]
struct Delimiter {
    start: usize,
    end: usize,
    is_last: bool,
}

fn delimiters<'b>(body: &'b [u8], delimiter: &'b [u8]) -> impl Iterator<Item = Delimiter> + 'b {
    // The first one needs no line end before it.
    let at_start = body.starts_with(&delimiter[2..]).then_some((0, delimiter.len() - 2));
    let others = memmem::find_iter(body, delimiter).map(|at| (at, at + delimiter.len()));
    at_start.into_iter().chain(others).filter_map(|(start, end)| {
        let behind = body.get(end..)?;
        let (is_last, behind_dashes) = match behind.strip_prefix(b"--") {
            Some(behind) => (true, behind),
            None => (false, behind),
        };
        let blanks = behind_dashes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let ends_line = behind_dashes[blanks..].starts_with(b"\r\n");
        let end = body.len() - behind_dashes.len() + blanks + if ends_line { 2 } else { 0 };
        (ends_line || is_last && behind_dashes.len() == blanks).then_some(Delimiter { start, end, is_last })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &str, body: &[u8]) -> Vec<u8> {
        let head =
            format!("POST /api/v0/chunks/KETTLE%2D7?x=1 HTTP/1.1\r\n{headers}Content-Length:{}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    }

    fn chunks(bytes: &[u8]) -> Vec<Vec<u8>> {
        match step(bytes, 1 << 20) {
            Step::Request { serial, chunks, end } => {
                assert_eq!((&*serial, end), ("KETTLE-7", bytes.len()));
                for (at, chunk) in &chunks {
                    assert!(matches!(chunk, Cow::Owned(_)) || bytes[*at..].starts_with(chunk));
                }
                chunks.into_iter().map(|(_, chunk)| chunk.into_owned()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn single_bodies() {
        assert_eq!(
            chunks(&request("Content-Type:application/octet-stream\r\n", &[8, 2, b'\n', 1])),
            [[8, 2, b'\n', 1]]
        );
        assert_eq!(chunks(&request("Content-Encoding: base64\r\n", b"CAI=\r\n")), [[8, 2]]);
        assert!(chunks(&request("", b"")).is_empty());
    }

    /// Chunk data that looks like the frame around it.
    #[test]
    fn parts_end_only_at_their_boundary() {
        let multipart = "content-type: Multipart/Mixed; charset=x; Boundary=\"--b\"\r\n";
        let tricky = b"\x08\r\n--\r\n----\r\n--b\r\n\r\n----bx\r\n";
        let body = [
            &b"preamble\r\n----b \t\r\nContent-Length: 99\r\nOther: x\r\n\r\n"[..],
            tricky,
            b"\r\n----b\r\n\r\nsecond\r\n----b\r\nContent-Length: 0\r\n\r\n\r\n----b--\r\nepilogue",
        ]
        .concat();
        assert_eq!(chunks(&request(multipart, &body)), [&tricky[..], b"second"]);
        for (body, reason) in [
            (&b"----b\r\n\r\nabc"[..], "no end"),
            (b"nothing", "without any of the parts"),
            (b"----b\r\n\r\nabc\r\n----bx", "no end"),
        ] {
            let bytes = request(multipart, body);
            let Step::Damaged { reason: said, len } = step(&bytes, 1 << 20) else { panic!("{body:?}") };
            assert!(said.contains(reason) && len == bytes.len(), "{said}");
        }
        assert!(matches!(step(&request("Content-Type: multipart/mixed\r\n", b"x"), 99), Step::Damaged { .. }));
    }

    #[test]
    fn captures_of_both_directions_and_cut_ones() {
        let whole = request("", &[8, 2]);
        for cut in 1..whole.len() {
            assert_eq!(step(&whole[..cut], 99), Step::Incomplete, "{cut} bytes");
        }
        let answer = [b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", &*whole].concat();
        assert_eq!(step(&answer, 99), Step::Other { len: answer.len() - whole.len(), is_answer: true });
        assert_eq!(step(b"garbage POST /api", 99), Step::Other { len: 8, is_answer: false });
        assert_eq!(step(b"garbage", 99), Step::Other { len: 7, is_answer: false });
        assert!(matches!(step(&request("", &[0; 100]), 99), Step::Damaged { .. }));
        assert!(matches!(step(&request("Transfer-Encoding: chunked\r\n", b""), 99), Step::Damaged { .. }));
        assert!(matches!(
            step(b"POST /api/v0/chunks/ HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 99),
            Step::Damaged { .. }
        ));
        assert!(matches!(step(b"POST /api/v0/chunks/X HTTP/1.1\r\nHost: h\r\n\r\n", 99), Step::Damaged { .. }));
    }

    #[test]
    fn damaged_captures_end_without_a_panic() {
        let multipart = "Content-Type: multipart/mixed; boundary=b\r\n";
        let body = b"--b\r\nContent-Length: 2\r\n\r\n\x08\x02\r\n--b\r\n\r\n\x08\x03\r\n--b--\r\n";
        let whole = [request(multipart, body), b"HTTP/1.1 202 \r\n\r\n".to_vec(), request("", &[8, 2])].concat();
        let mut seed = 1u32;
        let mut random = |end: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % end
        };
        for _ in 0..5000 {
            let mut capture = whole.clone();
            for _ in 0..1 + random(4) {
                let at = random(capture.len());
                match random(3) {
                    0 => capture[at] = random(256) as u8,
                    1 => drop(capture.remove(at)),
                    _ => capture[at] = whole[random(whole.len())],
                }
            }
            let mut rest = &capture[..];
            while !rest.is_empty() {
                let len = match step(rest, 99) {
                    Step::Request { end, .. } => end,
                    Step::Damaged { len, .. } | Step::Other { len, .. } => len,
                    Step::Incomplete => break,
                };
                assert!((1..=rest.len()).contains(&len), "{len} of {}", rest.len());
                rest = &rest[len..];
            }
        }
    }
}
