//! What the reassembly has to say about a chunk.

use super::{CFG_CRC_AT_END, CFG_MASK, CHANNEL_MASK, CONT, Origin};
use crate::diagnostic::{Code, Level, Position};

/// One observation; [`Note::text`] makes a sentence of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the numbers of the sentence")]
pub enum Note {
    /// A continuation while no message is open. `counted`: it belongs to a loss that was reported before.
    LostInit { offset: u32, counted: bool },
    /// A continuation too far ahead; the open message is dropped.
    Gap { offset: u32, received: usize, total: usize, first: Origin },
    /// Something that was there before.
    Duplicate(Repeated),
    /// A complete message with a wrong CRC.
    Crc { stored: u16, computed: u16, len: usize, first: Origin },
    /// An open message was given up.
    CutShort { received: usize, total: usize, first: Origin, by: CutBy },
    /// A chunk shorter than its header needs; with the open message that it should have completed.
    ShortChunk { len: usize, message: Option<(usize, usize, Origin)> },
    /// A message above the limit.
    TooBig { total: usize, limit: usize },
    /// A first byte that no device sends.
    BadHeader { header: u8 },
    /// A length or offset that is no 32-bit varint.
    BadVarint,
    /// A message that announces 0 bytes.
    EmptyMessage,
    /// Padding was cut off until the CRC matched.
    Trimmed { padding: usize },
}

/// What was repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the numbers of the sentence")]
pub enum Repeated {
    /// The same first chunk again, before anything else came.
    FirstChunk { first: Origin, len: usize },
    /// A continuation whose bytes are there already.
    Continuation { offset: u32, received: usize },
    /// The chunk that completed the previous message.
    LastChunk { offset: u32 },
}

/// Why an open message was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutBy {
    /// Another message began: the device aborted or rebooted, or the rest was lost.
    NewMessage,
    /// The input ended.
    EndOfInput,
    /// Too much memory was held by open messages.
    MemoryLimit,
    /// It waited too long for its rest.
    Age,
}

impl Note {
    /// The code of the diagnostic.
    pub const fn code(&self) -> Code {
        match self {
            Note::LostInit { .. } => Code::LostInit,
            Note::Gap { .. } => Code::Gap,
            Note::Duplicate(_) => Code::Duplicate,
            Note::Crc { .. } => Code::Crc,
            Note::CutShort { .. } | Note::ShortChunk { .. } => Code::Truncated,
            Note::TooBig { .. } => Code::TooBig,
            Note::BadHeader { .. } | Note::BadVarint | Note::EmptyMessage => Code::BadHeader,
            Note::Trimmed { .. } => Code::Trimmed,
        }
    }

    /// Repetitions and padding cost nothing; everything else lost data.
    pub const fn level(&self) -> Level {
        match self {
            Note::Duplicate(_) | Note::Trimmed { .. } => Level::Warning,
            _ => Level::Error,
        }
    }

    /// Messages that this note reports as missing for the first time.
    pub const fn lost_messages(&self) -> u64 {
        match self {
            Note::LostInit { counted: false, .. } | Note::Gap { .. } | Note::CutShort { .. } | Note::TooBig { .. } => 1,
            Note::ShortChunk { message: Some(_), .. } => 1,
            _ => 0,
        }
    }

    /// True when bytes arrived changed: a chunk or message is there but cannot be used.
    pub const fn is_corruption(&self) -> bool {
        matches!(
            self,
            Note::Crc { .. }
                | Note::BadHeader { .. }
                | Note::BadVarint
                | Note::EmptyMessage
                | Note::ShortChunk { message: None, .. }
        )
    }

    /// The place to look at: where a lost message began rather than where the loss was noticed, when its rest never came.
    pub fn position(&self, here: Position) -> Position {
        match self {
            Note::CutShort { first, .. } => first.position,
            _ => here,
        }
    }

    /// One sentence: what was found and what it means.
    pub fn text(&self) -> String {
        match *self {
            Note::LostInit { offset, counted: false } => format!(
                "the first chunk of this message is missing (this one continues at message byte {offset}); chunk dropped"
            ),
            Note::LostInit { offset, counted: true } => {
                format!("rest of a lost message (message byte {offset}); chunk dropped")
            }
            Note::Gap { offset, received, total, first } => format!(
                "message bytes {received} to {} are missing; the message of {total} bytes that began {} is lost",
                offset - 1,
                at(first.position)
            ),
            Note::Duplicate(Repeated::FirstChunk { first, len }) => format!(
                "same first chunk as {}: the message starts again ({len} bytes dropped; either a repetition, or the rest \
                 of a message that begins alike was lost)",
                at(first.position)
            ),
            Note::Duplicate(Repeated::Continuation { offset, received }) => {
                format!("message byte {offset} again, {received} bytes are there already; chunk ignored")
            }
            Note::Duplicate(Repeated::LastChunk { offset }) => {
                format!("last chunk of the previous message again (message byte {offset}); chunk ignored")
            }
            Note::Crc { stored, computed, len, first } => format!(
                "the message of {len} bytes that began {} is corrupt: CRC sent 0x{stored:04x}, computed 0x{computed:04x}; \
                 message dropped",
                at(first.position)
            ),
            Note::CutShort { received, total, by, .. } => {
                let why = match by {
                    CutBy::NewMessage => "the next message began before its rest came",
                    CutBy::EndOfInput => "the input ended before its rest came",
                    CutBy::MemoryLimit => "too many open messages",
                    CutBy::Age => "its rest did not come in time",
                };
                format!("only {received} of {total} bytes of the message that began here: {why}; message dropped")
            }
            Note::ShortChunk { len, message: None } => {
                format!("a chunk of {len} byte{} is shorter than its header needs; chunk dropped", plural(len))
            }
            Note::ShortChunk { len, message: Some((received, total, first)) } => format!(
                "the last chunk is cut off after {len} bytes ({received} of {total} message bytes, CRC missing); the \
                 message that began {} is lost",
                at(first.position)
            ),
            Note::TooBig { total, limit } => {
                format!("a message of {total} bytes is announced, the limit is {limit}; message dropped")
            }
            Note::BadHeader { header } => format!("{}; chunk dropped", bad_header(header)),
            Note::BadVarint => "its length or offset is not a 32-bit varint; chunk dropped".to_owned(),
            Note::EmptyMessage => "it announces a message of 0 bytes; chunk dropped".to_owned(),
            Note::Trimmed { padding } => {
                format!("the CRC matched after taking off {padding} byte{} of padding", plural(padding))
            }
        }
    }
}

fn bad_header(header: u8) -> String {
    if header & (CONT | CFG_MASK | CHANNEL_MASK) == 0 {
        return format!("unsupported old framing (header 0x{header:02x}, CRC in the first chunk: SDK before 0.0.18)");
    }
    let problem = if header & CHANNEL_MASK != 0 {
        "channel is not 0"
    } else if header & CONT != 0 {
        "reserved bits are set"
    } else if header & CFG_MASK != CFG_CRC_AT_END {
        "unknown configuration"
    } else {
        "unknown kind"
    };
    format!("0x{header:02x} is not the first byte of a chunk ({problem})")
}

fn at(position: Position) -> String {
    match position.line {
        0 => format!("at byte {}", position.offset),
        line => format!("in line {line}"),
    }
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
