//! Finds export tokens in any text: `MC:` for a chunk or `ML:` for a piece of a compact log record, base64 with padding, `:`
//! (spec 10 §12, spec 30 §6.2, spec 80 §7.2).
//!
//! Works as a stream: pieces of any size go in, tokens and what looks like a damaged one come out, each with line and byte.
//! Terminal escape sequences and carriage returns are removed first, also inside a token. A token that a terminal broke at its
//! right edge is put together when the next line goes on with it. Memory is bounded by [`MAX_TOKEN_LEN`], whatever the input.

mod clean;

use crate::base64::{decode_into, is_base64_char};
use crate::diagnostic::Position;
use clean::Cleaned;
use memchr::{memchr, memmem};

/// The prefix of each kind. All begin alike.
const PREFIXES: [(&[u8; PREFIX_LEN], Kind); 2] = [(b"MC:", Kind::Chunk), (b"ML:", Kind::Log)];
const PREFIX_LEN: usize = 3;
/// Longest token, in characters. A chunk of a text export has some hundred bytes; this only bounds memory.
pub const MAX_TOKEN_LEN: usize = 1 << 20;
/// Text that does not begin with base64 right behind `MC:` is prose, unless this many base64 characters follow.
const CLEARLY_DAMAGED: usize = 8;
/// ... within this many characters.
const WORD_LEN: usize = 64;
/// `ML:` is also the end of other words (HTML:, XML:), so it takes this many base64 characters behind it.
const CLEARLY_DAMAGED_LOG: usize = 24;

/// What a token holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A chunk.
    Chunk,
    /// A piece of a compact log record.
    Log,
}

/// What the scanner found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// A token; the bytes in it.
    Token(Kind, &'a [u8]),
    /// A token that was broken over this many lines; the bytes in it.
    Joined(Kind, &'a [u8], u32),
    /// Something that begins like a token; the reason why it is none.
    Damaged(String),
}

/// The scanner of one text.
#[derive(Debug)]
pub struct Scanner {
    input: u32,
    join: bool,
    /// Bytes of the current line that cannot be judged yet.
    carry: Vec<u8>,
    carry_at: u64,
    line: u64,
    line_start: u64,
    /// A token that reached the end of its line.
    broken: Option<Broken>,
    prefixes: [memmem::Finder<'static>; PREFIXES.len()],
    cleaned: Cleaned,
    chunk: Vec<u8>,
}

#[derive(Debug)]
struct Broken {
    text: Vec<u8>,
    /// Only (a part of) the prefix stood at the line end. A line may well end with "M" or "MC:", so this is no damage.
    only_prefix: bool,
    position: Position,
    lines: u32,
}

impl Broken {
    fn new(text: &[u8], position: Position) -> Self {
        Self { text: text.to_vec(), only_prefix: text.len() <= PREFIX_LEN, position, lines: 1 }
    }
}

/// What stands at a prefix.
enum Candidate {
    /// A token of this length.
    Token(Kind, usize),
    /// The text ends before it can be told.
    Open,
    /// No token and nothing like it.
    Prose,
    Damaged(String),
}

impl Scanner {
    /// `input` is copied into every position; `join` puts tokens together that are broken at a line end.
    pub fn new(input: u32, join: bool) -> Self {
        Self {
            input,
            join,
            carry: Vec::new(),
            carry_at: 0,
            line: 1,
            line_start: 0,
            broken: None,
            prefixes: PREFIXES.map(|(prefix, _)| memmem::Finder::new(prefix)),
            cleaned: Cleaned::default(),
            chunk: Vec::new(),
        }
    }

    /// Takes the next piece of the text.
    pub fn push(&mut self, mut text: &[u8], found: &mut dyn FnMut(Found<'_>, Position)) {
        while !text.is_empty() {
            let end = memchr(b'\n', text);
            let (piece, rest) = text.split_at(end.map_or(text.len(), |end| end + 1));
            text = rest;
            if self.carry.is_empty() {
                let kept = self.segment(piece, end.is_some(), found);
                self.carry.extend_from_slice(piece.get(kept..).unwrap_or_default());
                self.carry_at += kept as u64;
            } else {
                self.carry.extend_from_slice(piece);
                let carry = std::mem::take(&mut self.carry);
                let kept = self.segment(&carry, end.is_some(), found);
                self.carry = carry;
                self.carry.drain(..kept);
                self.carry_at += kept as u64;
            }
            if end.is_some() {
                self.line += 1;
                self.line_start = self.carry_at;
            }
        }
    }

    /// The text ends here.
    pub fn finish(&mut self, found: &mut dyn FnMut(Found<'_>, Position)) {
        let carry = std::mem::take(&mut self.carry);
        self.segment(&carry, true, found);
        self.carry_at += carry.len() as u64;
        self.give_up_broken(found);
    }

    /// Looks at a piece of one line. `ends`: the line ends with it. Gives the number of bytes that are done.
    fn segment(&mut self, raw: &[u8], ends: bool, found: &mut dyn FnMut(Found<'_>, Position)) -> usize {
        let mut line = raw.strip_suffix(b"\n").unwrap_or(raw);
        if ends {
            line = line.strip_suffix(b"\r").unwrap_or(line);
        }
        let mut cleaned = std::mem::take(&mut self.cleaned);
        let done = if cleaned.fill(line, ends) {
            let done = self.text(cleaned.text(), ends, &|at| cleaned.raw_offset(at), found);
            cleaned.raw_offset(done)
        } else {
            // Nothing to remove, the common case: no copy.
            self.text(line, ends, &|at| at, found)
        };
        self.cleaned = cleaned;
        if ends { raw.len() } else { done }
    }

    fn text(
        &mut self,
        text: &[u8],
        ends: bool,
        raw_offset: &dyn Fn(usize) -> usize,
        found: &mut dyn FnMut(Found<'_>, Position),
    ) -> usize {
        let mut at = 0;
        if self.broken.is_some() {
            match self.go_on_with_broken(text, ends, found) {
                Some(used) => at = used,
                None => return if ends { text.len() } else { 0 },
            }
        }
        while let Some(start) = self.next_prefix(text, at) {
            let position = self.position(raw_offset(start));
            match self.candidate(&text[start..], ends) {
                Candidate::Token(kind, len) => {
                    found(Found::Token(kind, &self.chunk), position);
                    at = start + len;
                }
                Candidate::Prose => at = start + PREFIX_LEN,
                Candidate::Damaged(reason) => {
                    found(Found::Damaged(reason), position);
                    // The rest may hold a whole token of another writer.
                    at = start + PREFIX_LEN;
                }
                Candidate::Open if !ends => return start,
                Candidate::Open => {
                    self.broken = Some(Broken::new(&text[start..], position));
                    if !self.join {
                        self.give_up_broken(found);
                    }
                    return text.len();
                }
            }
        }
        // The prefix itself may be cut by the end of this piece, or of the line.
        let ends_with = |len| PREFIXES.iter().any(|(prefix, _)| text.ends_with(&prefix[..len]));
        let tail = (1..PREFIX_LEN).rev().find(|&len| text.len() >= at + len && ends_with(len));
        let Some(tail) = tail.map(|len| text.len() - len) else { return text.len() };
        if ends && self.join {
            let position = self.position(raw_offset(tail));
            self.broken = Some(Broken::new(&text[tail..], position));
        }
        if ends { text.len() } else { tail }
    }

    /// The first prefix in the text from `at` on.
    fn next_prefix(&self, text: &[u8], at: usize) -> Option<usize> {
        let [chunk, log] = &self.prefixes;
        let rest = text.get(at..)?;
        let chunk = chunk.find(rest);
        let log = log.find(rest.get(..chunk.unwrap_or(rest.len())).unwrap_or_default());
        log.or(chunk).map(|found| at + found)
    }

    /// Tries to complete a broken token with the beginning of this line. Gives the number of bytes that it took; `None` if the
    /// whole text belongs to it, or more is needed to tell.
    fn go_on_with_broken(
        &mut self,
        text: &[u8],
        ends: bool,
        found: &mut dyn FnMut(Found<'_>, Position),
    ) -> Option<usize> {
        let mut broken = self.broken.take()?;
        let own_token = kind_of(text).is_some();
        let goes_on = text.first().is_some_and(|&byte| is_base64_char(byte) || byte == b':');
        if !ends && begins_prefix(text) {
            self.broken = Some(broken);
            return None;
        }
        let before = broken.text.len();
        if goes_on && !own_token {
            let run = text.iter().take_while(|&&byte| is_base64_char(byte) || byte == b':').count();
            broken.text.extend_from_slice(&text[..run.min(MAX_TOKEN_LEN)]);
            // One more character tells that the line goes on behind the run.
            broken.text.extend(text.get(run));
            match self.candidate(&broken.text, ends) {
                Candidate::Token(kind, len) if len > before => {
                    found(Found::Joined(kind, &self.chunk, broken.lines + 1), broken.position);
                    return Some(len - before);
                }
                Candidate::Open => {
                    if ends {
                        broken.lines += 1;
                    } else {
                        broken.text.truncate(before);
                    }
                    self.broken = Some(broken);
                    return None;
                }
                _ => broken.text.truncate(before),
            }
        }
        self.broken = Some(broken);
        self.give_up_broken(found);
        Some(0)
    }

    fn give_up_broken(&mut self, found: &mut dyn FnMut(Found<'_>, Position)) {
        if let Some(broken) = self.broken.take()
            && !broken.only_prefix
            && (kind_of(&broken.text) != Some(Kind::Log) || broken.text.len() >= PREFIX_LEN + CLEARLY_DAMAGED_LOG)
        {
            let reason = format!("a token is cut off at the line end after {} characters", broken.text.len());
            found(Found::Damaged(reason), broken.position);
        }
    }

    /// Judges the text from a prefix on; the bytes of a token are left in `self.chunk`.
    fn candidate(&mut self, text: &[u8], ends: bool) -> Candidate {
        let (Some(kind), Some(body)) = (kind_of(text), text.get(PREFIX_LEN..)) else {
            return if begins_prefix(text) { Candidate::Open } else { Candidate::Prose };
        };
        let window = &body[..body.len().min(MAX_TOKEN_LEN)];
        let colon = memchr(b':', window).filter(|&len| len > 0);
        let decoded = colon.map(|len| (len, decode_into(&window[..len], &mut self.chunk)));
        if let Some((len, Ok(()))) = decoded {
            let token = Candidate::Token(kind, PREFIX_LEN + len + 1);
            // The colon of the next prefix ends it, if it lost its own.
            if !PREFIXES.iter().any(|(prefix, _)| window[..len].ends_with(&prefix[..PREFIX_LEN - 1])) {
                return token;
            }
            // "MC:AAAAMC:BBBB:" is a token that lost its end, and a whole one.
            return match second_token(&body[len + 1..]) {
                Some(true) => Candidate::Damaged("a token is cut off by the next one".to_owned()),
                None if !ends => Candidate::Open,
                _ => token,
            };
        }
        let run = window.iter().take_while(|&&byte| is_base64_char(byte)).count();
        match (body.get(run), decoded) {
            _ if run >= MAX_TOKEN_LEN => Candidate::Damaged(format!("a token of more than {MAX_TOKEN_LEN} characters")),
            (None, _) => Candidate::Open,
            _ if kind == Kind::Log && run < CLEARLY_DAMAGED_LOG => Candidate::Prose,
            (Some(b':'), Some((_, Err(reason)))) => {
                Candidate::Damaged(format!("a token of {run} characters is damaged: {reason}"))
            }
            (Some(&byte), _) => {
                if run == 0 {
                    let near = &window[..window.len().min(WORD_LEN)];
                    let word = near.iter().take_while(|&&byte| !byte.is_ascii_whitespace() && byte != b':');
                    let (len, letters) = word
                        .fold((0, 0), |(len, letters), &byte| (len + 1, letters + usize::from(is_base64_char(byte))));
                    match letters < CLEARLY_DAMAGED {
                        true if len == body.len() && !ends => return Candidate::Open,
                        true => return Candidate::Prose,
                        false => {}
                    }
                }
                Candidate::Damaged(format!("a token is damaged: {} after {run} base64 characters", describe(byte)))
            }
        }
    }

    fn position(&self, offset: usize) -> Position {
        let offset = self.carry_at + offset as u64;
        Position { input: self.input, offset, line: self.line, column: offset - self.line_start + 1 }
    }
}

/// The kind of token whose prefix the text begins with.
fn kind_of(text: &[u8]) -> Option<Kind> {
    PREFIXES.iter().find(|(prefix, _)| text.starts_with(*prefix)).map(|(_, kind)| *kind)
}

/// The text can become a prefix.
fn begins_prefix(text: &[u8]) -> bool {
    PREFIXES.iter().any(|(prefix, _)| prefix.starts_with(text))
}

/// Whether `text` goes on like the inside of a token whose prefix was just read; `None` if it is too short to tell.
fn second_token(text: &[u8]) -> Option<bool> {
    let run = text.iter().take_while(|&&byte| is_base64_char(byte)).count();
    match text.get(run) {
        Some(b':') => Some(run > 0 && decode_into(&text[..run], &mut Vec::new()).is_ok()),
        Some(_) => Some(false),
        None => None,
    }
}

fn describe(byte: u8) -> String {
    match byte {
        b' ' => "a space".to_owned(),
        0x21..=0x7e => format!("'{}'", char::from(byte)),
        _ => format!("byte 0x{byte:02x}"),
    }
}

#[cfg(test)]
mod tests;
