//! An incremental reader of one HTTP/1.x response (spec 70 chapter 5): status, `Content-Length`, and the start of the body.
//!
//! Only CR LF ends a line. A header line longer than the buffer is cut, a status line is an error. `Transfer-Encoding` is not
//! supported: without a length a response has no body.

use super::number;

/// Bytes of the line buffer. The body has one byte less, its terminator.
pub const LINE_LEN: usize = 128;
/// A line, and later the body.
pub type Line = [u8; LINE_LEN];

const CR: u8 = b'\r';
const LF: u8 = b'\n';

/// What is read next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Phase {
    /// The first line.
    #[default]
    StatusLine,
    /// A header line, or the blank one behind them.
    Header,
    /// The body.
    Body,
}

/// Why a response is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// The first line is not that of a response.
    StatusLine,
    /// The length of the body is no number.
    Header,
    /// The first line does not fit into the buffer.
    TooLong,
}

/// How far to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// Everything.
    Response,
    /// The head; the body stays with the caller.
    Head,
}

/// The end of a response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The head is complete and is all that was wanted, or there is no body.
    Head,
    /// The body is complete. Its first bytes are in the line buffer, ended by a NUL.
    Body,
    /// It cannot be read.
    Error(Error),
}

/// What a call made of its data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// Bytes that were taken. Neither the line end that ends a response without a body nor one that ends in an error counts.
    pub processed: usize,
    /// `None`: more data is needed.
    pub end: Option<End>,
}

/// A response while it is read, beside the line buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Response {
    /// What is read next.
    pub phase: Phase,
    /// As in the status line; also one that was refused for its length.
    pub status_code: i32,
    /// Bytes of the body.
    pub content_length: i32,
    /// Bytes of the body that were seen.
    pub content_received: i32,
    /// Bytes in the line buffer.
    pub line_len: usize,
}

impl Response {
    /// Reads on.
    pub fn read(&mut self, line: &mut Line, data: &[u8], extent: Extent) -> Step {
        let mut processed = 0;
        for byte in data {
            let end = match self.phase {
                Phase::Body if extent == Extent::Head => Some(End::Head),
                Phase::Body => {
                    let end = self.body_byte(line, *byte);
                    // The last byte of a body is the only last one that counts.
                    processed += usize::from(end.is_some());
                    end
                }
                Phase::StatusLine | Phase::Header => self.head_byte(line, *byte),
            };
            if end.is_some() {
                return Step { processed, end };
            }
            processed += 1;
        }
        Step { processed, end: None }
    }

    fn body_byte(&mut self, line: &mut Line, byte: u8) -> Option<End> {
        self.content_received = self.content_received.wrapping_add(1);
        // Bytes behind the end do not belong to it and must not take the place of its terminator.
        if self.content_received <= self.content_length && self.line_len < LINE_LEN - 1 {
            store(line, self.line_len, byte);
            self.line_len += 1;
        }
        if self.content_received != self.content_length {
            return None;
        }
        store(line, self.line_len, 0);
        Some(End::Body)
    }

    fn head_byte(&mut self, line: &mut Line, byte: u8) -> Option<End> {
        if self.line_len < LINE_LEN {
            store(line, self.line_len, byte);
            self.line_len += 1;
        } else if self.phase == Phase::StatusLine {
            return Some(End::Error(Error::TooLong));
        } else {
            // The line is cut, but its end must not be missed: the last two places follow the data.
            let [.., last_but_one, last] = line;
            *last_but_one = *last;
            *last = byte;
        }
        let text = line.get(..self.line_len)?.strip_suffix(&[CR, LF])?;
        self.line_len = 0;
        if self.phase == Phase::StatusLine {
            if !self.status_line(text) {
                return Some(End::Error(Error::StatusLine));
            }
            self.phase = Phase::Header;
            return None;
        }
        if !self.header_line(text) {
            return Some(End::Error(Error::Header));
        }
        if text.is_empty() {
            if self.content_length == 0 {
                return Some(End::Head);
            }
            self.phase = Phase::Body;
        }
        None
    }

    /// `HTTP/1.x`, spaces, three digits, and a space or the end.
    fn status_line(&mut self, line: &[u8]) -> bool {
        let Some([b'0'..=b'9', rest @ ..]) = line.strip_prefix(b"HTTP/1.") else { return false };
        let code = without_spaces(rest);
        if code.len() == rest.len() {
            return false;
        }
        let Some(code) = number::parse(code) else { return false };
        self.status_code = code.value.cast_signed();
        code.digits == 3
    }

    /// Takes the length of the body from a line; false: it is none. All other headers are none of our business.
    fn header_line(&mut self, line: &[u8]) -> bool {
        const NAME: &[u8] = b"content-length";
        let Some((name, rest)) = line.split_at_checked(NAME.len()) else { return true };
        if !name.eq_ignore_ascii_case(NAME) {
            return true;
        }
        let [b':', value @ ..] = without_spaces(rest) else { return false };
        let Some(length) = number::parse(without_spaces(value)) else { return false };
        self.content_length = length.value.cast_signed();
        length.digits > 0
    }
}

/// Never out of range, which the compiler does not see everywhere.
fn store(line: &mut Line, at: usize, byte: u8) {
    if let Some(slot) = line.get_mut(at) {
        *slot = byte;
    }
}

#[inline(never)]
fn without_spaces(mut text: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] = text {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests;
