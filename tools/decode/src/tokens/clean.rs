//! Removes what a terminal acts on: escape sequences and carriage returns.

use memchr::{memchr2, memchr3};

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
/// An escape sequence that is not complete after this many bytes is none.
const MAX_SEQUENCE_LEN: usize = 256;

/// The cleaned text of one piece of a line, with the way back to the places in the raw one.
#[derive(Debug, Default)]
pub struct Cleaned {
    text: Vec<u8>,
    /// (offset in the text, offset in the raw piece): from here on both advance alike.
    marks: Vec<(usize, usize)>,
}

impl Cleaned {
    /// Cleans a line without its end; false if there is nothing to remove. With `ends` false an incomplete sequence at the end
    /// is left out of the text: it waits for the rest of the line.
    pub fn fill(&mut self, line: &[u8], ends: bool) -> bool {
        if memchr2(ESC, b'\r', line).is_none() {
            return false;
        }
        self.text.clear();
        self.marks.clear();
        let mut at = 0;
        while let Some(found) = memchr2(ESC, b'\r', &line[at..]) {
            self.keep(line, at, at + found);
            at += found;
            if line[at] == b'\r' {
                at += 1;
                continue;
            }
            match sequence_len(&line[at..]) {
                Some(len) => at += len,
                None if !ends && line.len() - at < MAX_SEQUENCE_LEN => {
                    self.marks.push((self.text.len(), at));
                    return true;
                }
                None => at += 1,
            }
        }
        self.keep(line, at, line.len());
        true
    }

    fn keep(&mut self, line: &[u8], from: usize, to: usize) {
        self.marks.push((self.text.len(), from));
        self.text.extend_from_slice(&line[from..to]);
    }

    /// The text without what was removed.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The place in the line of an offset in the text; of the end of the text, where to go on.
    pub fn raw_offset(&self, offset: usize) -> usize {
        let after = self.marks.partition_point(|&(text, _)| text <= offset);
        let (text, raw) = after.checked_sub(1).and_then(|mark| self.marks.get(mark)).copied().unwrap_or_default();
        raw + (offset - text)
    }
}

/// Length of the escape sequence at the front of `text`; `None` if it does not end here.
fn sequence_len(text: &[u8]) -> Option<usize> {
    let window = &text[..text.len().min(MAX_SEQUENCE_LEN)];
    match *window.get(1)? {
        // Control sequence: parameters and intermediates, then one byte from @ to ~.
        b'[' => {
            let body = &window[2..];
            let end = body.iter().position(|byte| !matches!(byte, 0x20..=0x3f))?;
            // Anything else ends it without being part of it.
            Some(2 + end + usize::from(matches!(body[end], 0x40..=0x7e)))
        }
        // Operating system command and other strings: up to BEL or ESC \.
        b']' | b'P' | b'_' | b'^' => {
            let end = 2 + memchr3(BEL, ESC, b'\n', &window[2..])?;
            match (window[end], window.get(end + 1)) {
                (BEL, _) => Some(end + 1),
                (ESC, Some(b'\\')) => Some(end + 2),
                (ESC, None) => None,
                // Interrupted: only its beginning goes.
                _ => Some(2),
            }
        }
        // Two characters, or an intermediate and a final one.
        0x20..=0x2f => Some(if window.len() < 3 { return None } else { 3 }),
        0x30..=0x7e => Some(2),
        _ => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(raw: &[u8]) -> String {
        let mut cleaned = Cleaned::default();
        let text = if cleaned.fill(raw, true) { cleaned.text() } else { raw };
        String::from_utf8_lossy(text).into_owned()
    }

    #[test]
    fn sequences_and_returns_go() {
        for (raw, text) in [
            (&b"plain"[..], "plain"),
            (b"double\r\r", "double"),
            (b"\x1b[32mgreen\x1b[0m\r", "green"),
            (b"a\x1b[1;31mb\x1b[Kc", "abc"),
            (b"title \x1b]0;window\x07here", "title here"),
            (b"title \x1b]0;window\x1b\\here", "title here"),
            (b"\x1b(Bcharset", "charset"),
            (b"\x1bMindex", "index"),
            (b"open \x1b[31", "open [31"),
            (b"open \x1b]0;abc", "open ]0;abc"),
            (b"\r\r", ""),
        ] {
            assert_eq!(clean(raw), text, "{raw:?}");
        }
    }

    #[test]
    fn places_lead_back() {
        let mut cleaned = Cleaned::default();
        let raw = b"\x1b[32mMC:\x1b[0mab\rcd";
        assert!(cleaned.fill(raw, true));
        assert_eq!(cleaned.text(), b"MC:abcd");
        let back: Vec<_> = (0..7).map(|at| raw[cleaned.raw_offset(at)]).collect();
        assert_eq!(back, b"MC:abcd");
    }

    #[test]
    fn an_incomplete_sequence_waits_for_more() {
        let mut cleaned = Cleaned::default();
        assert!(cleaned.fill(b"ab\x1b[3", false));
        assert_eq!((cleaned.text(), cleaned.raw_offset(2)), (&b"ab"[..], 2));
        let long = [b"ab\x1b]", [b'x'; 300].as_slice()].concat();
        assert!(cleaned.fill(&long, false));
        assert_eq!(cleaned.raw_offset(cleaned.text().len()), long.len());
        assert!(!cleaned.fill(b"nothing to do", false));
    }
}
