//! One input on its way into the decoder: bytes of any of the formats in, chunks out.

use super::Session;
use super::detect::{Detected, Format, HEAD_LEN, Verdict, detect};
use super::encoded::{Encoded, Encoding};
use crate::cli::InputFormat;
use anyhow::bail;
use memfault_decode::container::{self, Step};
use memfault_decode::tokens::Scanner;
use memfault_decode::{DeviceId, Position, chunk, http};

/// Longest chunk of a format without a limit of its own: the longest message and what a chunk adds.
const MAX_CHUNK_LEN: usize = chunk::DEFAULT_MAX_MESSAGE_LEN + 16;

/// What is known about an input before it is read.
pub struct Setup {
    pub id: u32,
    pub name: String,
    pub device: String,
    /// The user named the device by its serial.
    pub is_serial: bool,
    /// A later input belongs to the same device.
    pub more_follows: bool,
    pub format: InputFormat,
    /// A `.chunks` file: project key and serial are its first two lines (spec 80 §5.8).
    pub has_header: bool,
    /// Put broken tokens together.
    pub join: bool,
}

/// An input.
pub struct Input {
    setup: Setup,
    device: Option<DeviceId>,
    /// When its bytes are received; `None` for bytes that were there before.
    received_at_ms: Option<i64>,
    chunks: u64,
    /// It could not be read, or not to its end.
    failed: bool,
    feed: Feed,
}

enum Feed {
    /// The format is not known yet.
    Undecided(Vec<u8>),
    Text(Box<Text>),
    Container {
        buffer: Vec<u8>,
        offset: u64,
    },
    Http {
        buffer: Vec<u8>,
        offset: u64,
        /// The devices that the requests name.
        devices: Vec<DeviceId>,
        /// What comes next is an answer of the server.
        in_answer: bool,
    },
    Encoded(Encoded),
    Binary(Vec<u8>),
    Coredump(Vec<u8>),
}

struct Text {
    scanner: Scanner,
    utf16: Option<Utf16>,
}

/// Windows shells write UTF-16 into files. Tokens are ASCII, so the low bytes of the characters are enough.
#[derive(Default)]
struct Utf16 {
    low: Option<u8>,
    text: Vec<u8>,
}

impl Utf16 {
    const BYTE_ORDER_MARK: [u8; 2] = [0xff, 0xfe];

    fn push(&mut self, bytes: &[u8]) -> &[u8] {
        self.text.clear();
        for &byte in bytes {
            match self.low.take() {
                None => self.low = Some(byte),
                Some(low) => self.text.push(if byte == 0 { low } else { b'?' }),
            }
        }
        &self.text
    }
}

impl Input {
    pub fn new(setup: Setup) -> Self {
        Self { setup, device: None, received_at_ms: None, chunks: 0, failed: false, feed: Feed::Undecided(Vec::new()) }
    }

    pub fn name(&self) -> &str {
        &self.setup.name
    }

    /// Bytes are received at this time from now on (milliseconds since 1970).
    pub fn set_received_at(&mut self, unix_ms: i64) {
        self.received_at_ms = Some(unix_ms);
    }

    /// It could not be read, or not to its end: how little came says nothing.
    pub fn failed(&mut self) {
        self.failed = true;
    }

    /// The text goes on in a new file of the same name and device.
    pub fn restart(&mut self, session: &mut Session) {
        let device = self.device(session);
        if let Feed::Text(text) = &mut self.feed {
            session.decoder.end_of_text(device, &mut text.scanner, self.received_at_ms, &mut session.output);
        }
        self.feed = Feed::Undecided(Vec::new());
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8], session: &mut Session) -> anyhow::Result<()> {
        if let Feed::Undecided(head) = &mut self.feed {
            head.extend_from_slice(bytes);
            let complete = head.len() >= HEAD_LEN;
            return self.decide(complete, session);
        }
        self.feed(bytes, session)
    }

    /// No more bytes will come.
    pub fn end(&mut self, session: &mut Session) -> anyhow::Result<()> {
        if matches!(self.feed, Feed::Undecided(_)) {
            self.decide(true, session)?;
        }
        let device = self.device(session);
        let before = session.decoder.stats().chunks;
        match &mut self.feed {
            Feed::Undecided(_) => {}
            Feed::Text(text) => {
                session.decoder.end_of_text(device, &mut text.scanner, self.received_at_ms, &mut session.output);
            }
            Feed::Container { buffer, offset } => {
                if !buffer.is_empty() {
                    let at = Position { input: self.setup.id, offset: *offset, ..Position::default() };
                    let text = format!("the file ends inside a record of the container ({} bytes left)", buffer.len());
                    session.decoder.damaged_chunk(device, at, text, &mut session.output);
                }
            }
            Feed::Http { buffer, offset, devices, .. } => {
                if !buffer.is_empty() {
                    let at = Position { input: self.setup.id, offset: *offset, ..Position::default() };
                    let text = format!("the file ends inside a request ({} bytes left)", buffer.len());
                    session.decoder.damaged_chunk(device, at, text, &mut session.output);
                }
                // The devices of the requests are not that of the file, which the code below ends.
                for device in devices {
                    session.decoder.finish(*device, &mut session.output);
                }
            }
            Feed::Encoded(encoded) => encoded.end(self.setup.id, &mut |at, chunk| {
                give(session, device, at, chunk, self.received_at_ms);
            }),
            Feed::Binary(chunk) => {
                if !chunk.is_empty() {
                    let at = Position { input: self.setup.id, ..Position::default() };
                    give(session, device, at, Ok(chunk), self.received_at_ms);
                }
            }
            Feed::Coredump(_) => {}
        }
        self.chunks += session.decoder.stats().chunks - before;
        if let Feed::Coredump(file) = &self.feed {
            let at = Position { input: self.setup.id, ..Position::default() };
            session.decoder.coredump(device, file, at, self.received_at_ms, &mut session.output);
            return Ok(());
        }
        if !self.setup.more_follows {
            session.decoder.finish(device, &mut session.output);
        }
        let stats = session.decoder.stats();
        let nothing = stats.corrupt == 0 && stats.lost == 0 && stats.messages == [0; 6];
        if self.chunks == 0 && nothing && !self.failed && session.refused.is_none() {
            let what = match self.feed {
                Feed::Text(_) => {
                    "no MC:...: token found; if the chunks are in another form, name it with --input-format"
                }
                _ => "it is empty",
            };
            session.output.report.note(&format!("{}: no chunks: {what}", self.setup.name));
        }
        Ok(())
    }

    fn device(&mut self, session: &mut Session) -> DeviceId {
        *self.device.get_or_insert_with(|| session.decoder.device(&self.setup.device, self.setup.is_serial))
    }

    fn decide(&mut self, complete: bool, session: &mut Session) -> anyhow::Result<()> {
        let Feed::Undecided(head) = &mut self.feed else { return Ok(()) };
        let Detected { format, per_line, serial } =
            match detect(head, complete, self.setup.format, self.setup.has_header) {
                Verdict::NeedMore => return Ok(()),
                Verdict::Refused(reason) => bail!("{reason}"),
                Verdict::Detected(detected) => detected,
            };
        let mut head = std::mem::take(head);
        if let Some(serial) = serial.filter(|_| !self.setup.is_serial) {
            (self.setup.device, self.setup.is_serial, self.setup.more_follows) = (serial, true, false);
        }
        self.feed = match format {
            Format::Text => {
                let utf16 = head.starts_with(&Utf16::BYTE_ORDER_MARK);
                if utf16 {
                    head.drain(..Utf16::BYTE_ORDER_MARK.len());
                }
                let scanner = Scanner::new(self.setup.id, self.setup.join);
                Feed::Text(Box::new(Text { scanner, utf16: utf16.then(Utf16::default) }))
            }
            Format::Container => Feed::Container { buffer: Vec::new(), offset: 0 },
            Format::Http => Feed::Http { buffer: Vec::new(), offset: 0, devices: Vec::new(), in_answer: false },
            Format::Hex => Feed::Encoded(Encoded::new(Encoding::Hex, per_line, MAX_CHUNK_LEN)),
            Format::Base64 => Feed::Encoded(Encoded::new(Encoding::Base64, per_line, MAX_CHUNK_LEN)),
            Format::Binary => Feed::Binary(Vec::new()),
            Format::Coredump => Feed::Coredump(Vec::new()),
        };
        self.feed(&head, session)
    }

    fn feed(&mut self, bytes: &[u8], session: &mut Session) -> anyhow::Result<()> {
        let device = self.device(session);
        let before = session.decoder.stats().chunks;
        let received = self.received_at_ms;
        let input = self.setup.id;
        match &mut self.feed {
            Feed::Undecided(_) => {}
            Feed::Text(text) => {
                let bytes = match &mut text.utf16 {
                    Some(utf16) => utf16.push(bytes),
                    None => bytes,
                };
                session.decoder.text(device, &mut text.scanner, bytes, received, &mut session.output);
            }
            Feed::Container { buffer, offset } => {
                buffer.extend_from_slice(bytes);
                let used = container_records(buffer, |at, chunk| {
                    let position = Position { input, offset: *offset + at as u64, ..Position::default() };
                    give(session, device, position, chunk, received);
                });
                buffer.drain(..used);
                *offset += used as u64;
            }
            Feed::Http { buffer, offset, devices, in_answer } => {
                buffer.extend_from_slice(bytes);
                let (own, is_serial) = (device, self.setup.is_serial);
                let used = requests(buffer, in_answer, |at, serial, chunk| {
                    let position = Position { input, offset: *offset + at as u64, ..Position::default() };
                    let device = match serial.filter(|_| !is_serial) {
                        Some(serial) => session.decoder.device(serial, true),
                        None => own,
                    };
                    if device != own && !devices.contains(&device) {
                        devices.push(device);
                    }
                    give(session, device, position, chunk, received);
                });
                buffer.drain(..used);
                *offset += used as u64;
            }
            Feed::Encoded(encoded) => {
                encoded.push(bytes, input, &mut |at, chunk| give(session, device, at, chunk, received))?;
            }
            Feed::Binary(chunk) => {
                if chunk.len() + bytes.len() > MAX_CHUNK_LEN {
                    bail!("it is larger than the largest chunk ({MAX_CHUNK_LEN} bytes); is it really one chunk?");
                }
                chunk.extend_from_slice(bytes);
            }
            Feed::Coredump(file) => {
                if file.len() + bytes.len() > MAX_CHUNK_LEN {
                    bail!("it is larger than the largest coredump ({MAX_CHUNK_LEN} bytes)");
                }
                file.extend_from_slice(bytes);
            }
        }
        self.chunks += session.decoder.stats().chunks - before;
        Ok(())
    }
}

/// Hands a chunk, or the reason why there is none, to the decoder.
fn give(session: &mut Session, device: DeviceId, at: Position, chunk: Result<&[u8], String>, received: Option<i64>) {
    match chunk {
        Ok(chunk) => session.decoder.chunk(device, chunk, at, received, &mut session.output),
        Err(reason) => session.decoder.damaged_chunk(device, at, reason, &mut session.output),
    }
}

/// Gives the chunks of the whole requests at the front of `buffer`, each with its offset and the serial of its device; the number
/// of bytes that are done.
fn requests(
    buffer: &[u8],
    in_answer: &mut bool,
    mut give: impl FnMut(usize, Option<&str>, Result<&[u8], String>),
) -> usize {
    let mut at = 0;
    loop {
        let rest = buffer.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return at;
        }
        match http::step(rest, 2 * MAX_CHUNK_LEN) {
            http::Step::Request { serial, chunks, end } => {
                for (start, chunk) in chunks {
                    give(at + start, Some(&serial), Ok(&chunk));
                }
                at += end;
                *in_answer = false;
            }
            http::Step::Damaged { reason, len } => {
                give(at, None, Err(format!("{reason}; skipped")));
                at += len;
                *in_answer = false;
            }
            http::Step::Other { len, is_answer } => {
                *in_answer |= is_answer;
                if !*in_answer {
                    give(at, None, Err(format!("{len} bytes between two requests are none; skipped")));
                }
                at += len;
            }
            http::Step::Incomplete => return at,
        }
    }
}

/// Gives the whole records at the front of `buffer`, each with its offset; the number of bytes that are done.
fn container_records(buffer: &[u8], mut give: impl FnMut(usize, Result<&[u8], String>)) -> usize {
    let mut at = 0;
    loop {
        let rest = buffer.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return at;
        }
        match container::step(rest, MAX_CHUNK_LEN) {
            Step::Chunk { start, end, chunk } => {
                give(at + start, Ok(chunk));
                at += end;
            }
            Step::Garbage { len } => {
                give(at, Err(format!("{len} bytes between two records of the container are no record; skipped")));
                at += len;
            }
            Step::TooBig { claimed } => {
                give(at, Err(format!("a record of the container claims a chunk of {claimed} bytes; skipped")));
                at += container::MAGIC.len();
            }
            Step::Incomplete => return at,
        }
    }
}
