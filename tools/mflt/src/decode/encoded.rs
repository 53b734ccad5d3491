//! Chunks as hex or base64 text: one per line, or one in the whole input.

use anyhow::bail;
use memfault_decode::{Position, base64};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Hex,
    Base64,
}

/// Where chunks, or the reasons why there are none, go.
pub type Give<'g> = dyn FnMut(Position, Result<&[u8], String>) + 'g;

/// Collects the text of a chunk.
pub struct Encoded {
    encoding: Encoding,
    per_line: bool,
    max_text_len: usize,
    buffer: Vec<u8>,
    /// Of the first byte in `buffer`.
    offset: u64,
    line: u64,
}

impl Encoded {
    pub fn new(encoding: Encoding, per_line: bool, max_chunk_len: usize) -> Self {
        // Two digits, or "0x00, ", per byte.
        Self { encoding, per_line, max_text_len: 6 * max_chunk_len, buffer: Vec::new(), offset: 0, line: 1 }
    }

    pub fn push(&mut self, bytes: &[u8], input: u32, give: &mut Give<'_>) -> anyhow::Result<()> {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            if self.buffer.len() + piece.len() > self.max_text_len {
                bail!("a chunk of more than {} characters", self.max_text_len);
            }
            self.buffer.extend_from_slice(piece);
            if self.per_line && piece.ends_with(b"\n") {
                self.chunk(input, give);
                self.line += 1;
                self.offset += self.buffer.len() as u64;
                self.buffer.clear();
            }
        }
        Ok(())
    }

    pub fn end(&mut self, input: u32, give: &mut Give<'_>) {
        self.chunk(input, give);
    }

    fn chunk(&mut self, input: u32, give: &mut Give<'_>) {
        let blank = self.buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blank == self.buffer.len() {
            return;
        }
        let lines_before = self.buffer.iter().take(blank).filter(|&&byte| byte == b'\n').count() as u64;
        let column = self.buffer.iter().take(blank).rev().take_while(|&&byte| byte != b'\n').count() as u64 + 1;
        let at = Position { input, offset: self.offset + blank as u64, line: self.line + lines_before, column };
        match decode(self.encoding, &self.buffer) {
            Ok(chunk) => give(at, Ok(&chunk)),
            Err(reason) => give(at, Err(reason)),
        }
    }
}

/// The bytes that `text` stands for. Blanks do not matter; in hex neither do commas, colons, dashes and 0x.
pub fn decode(encoding: Encoding, text: &[u8]) -> Result<Vec<u8>, String> {
    let mut letters: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match encoding {
        Encoding::Base64 => {
            let mut out = Vec::new();
            base64::decode_into(&letters, &mut out)
                .map_err(|reason| format!("the base64 of this chunk is damaged: {reason}"))?;
            Ok(out)
        }
        Encoding::Hex => {
            let mut digits = Vec::new();
            letters.push(b' ');
            let mut rest = letters.iter().copied().peekable();
            while let Some(letter) = rest.next() {
                match (letter, rest.peek()) {
                    (b'0', Some(b'x' | b'X')) => drop(rest.next()),
                    (b' ' | b',' | b':' | b'-', _) => {}
                    _ => match char::from(letter).to_digit(16) {
                        Some(digit) => digits.push(digit as u8),
                        None => {
                            return Err(format!(
                                "the hex of this chunk is damaged: {:?} is no digit",
                                char::from(letter)
                            ));
                        }
                    },
                }
            }
            let (pairs, []) = digits.as_chunks::<2>() else {
                return Err(format!("the hex of this chunk is damaged: {} digits, which is odd", digits.len()));
            };
            Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(encoding: Encoding, per_line: bool, text: &str) -> Vec<String> {
        let mut all = Vec::new();
        let mut give = |at: Position, chunk: Result<&[u8], String>| {
            all.push(format!("{}:{}@{} {:?}", at.line, at.column, at.offset, chunk));
        };
        let mut encoded = Encoded::new(encoding, per_line, 1000);
        encoded.push(text.as_bytes(), 0, &mut give).unwrap();
        encoded.end(0, &mut give);
        all
    }

    #[test]
    fn forms_of_hex() {
        for text in ["0802ff", "08 02 FF\r\n", "0x08, 0x02, 0xff", "08:02:ff", "0802\nff\n", "08-02-ff"] {
            assert_eq!(decode(Encoding::Hex, text.as_bytes()).unwrap(), [8, 2, 0xff], "{text}");
        }
        assert!(decode(Encoding::Hex, b"080").unwrap_err().contains("odd"));
        assert!(decode(Encoding::Hex, b"08g2").unwrap_err().contains("'g'"));
    }

    #[test]
    fn lines_have_places() {
        assert_eq!(
            chunks(Encoding::Hex, true, "08\n\n  zz\n0902"),
            ["1:1@0 Ok([8])", "3:3@6 Err(\"the hex of this chunk is damaged: 'z' is no digit\")", "4:1@9 Ok([9, 2])"]
        );
        assert_eq!(chunks(Encoding::Base64, true, "CAI=\nCAI=\n"), ["1:1@0 Ok([8, 2])", "2:1@5 Ok([8, 2])"]);
        assert_eq!(chunks(Encoding::Base64, false, "\nCA\nI=\n"), ["2:1@1 Ok([8, 2])"]);
        assert!(Encoded::new(Encoding::Hex, true, 1).push(&[b'0'; 7], 0, &mut |_, _| {}).is_err());
    }
}
