//! What can be wrong with the input: one code per kind, a place, a sentence (spec 80 §7.3).

use serde::Serialize;
use std::sync::Arc;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing; nothing is wrong with the data.
    Info,
    /// Odd, but nothing that could be decoded is missing.
    Warning,
    /// Data was lost or damaged.
    Error,
}

/// The kind of a diagnostic. The first eleven are the codes of spec 80 §7.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A continuation chunk without the first chunk of its message.
    LostInit,
    /// A chunk in the middle of a message is missing.
    Gap,
    /// A chunk that was there before.
    Duplicate,
    /// The CRC of a complete message does not match.
    Crc,
    /// A message or a chunk ends too early.
    Truncated,
    /// A message above the size limit.
    TooBig,
    /// A chunk that no device sends.
    BadHeader,
    /// The run-length encoding of the payload is damaged.
    Rle,
    /// The CBOR of an event is damaged or unusual.
    Cbor,
    /// A message type that this decoder does not know.
    UnknownType,
    /// Padding was cut from a single-chunk message until its CRC matched.
    Trimmed,
    /// Text that begins like an export token and is none.
    BadToken,
    /// A token broken over a line end was put together.
    Joined,
    /// An event names another device than the transport did.
    Serial,
    /// A coredump whose structure is damaged.
    Coredump,
    /// Names are missing: there is no firmware for a message, or it does not fit.
    Symbols,
}

impl Code {
    /// The code as it is written in JSON and on the terminal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::LostInit => "lost_init",
            Code::Gap => "gap",
            Code::Duplicate => "duplicate",
            Code::Crc => "crc",
            Code::Truncated => "truncated",
            Code::TooBig => "too_big",
            Code::BadHeader => "bad_header",
            Code::Rle => "rle",
            Code::Cbor => "cbor",
            Code::UnknownType => "unknown_type",
            Code::Trimmed => "trimmed",
            Code::BadToken => "bad_token",
            Code::Joined => "joined",
            Code::Serial => "serial",
            Code::Coredump => "coredump",
            Code::Symbols => "symbols",
        }
    }

    /// What the reader can do about it; empty when there is nothing to do.
    pub const fn advice(self) -> &'static str {
        match self {
            Code::LostInit => {
                "start the capture before the device exports; if it was complete, a line got lost on the way"
            }
            Code::Gap => "a chunk was lost between device and file: check the capture for missing or garbled lines",
            Code::Duplicate => "harmless, unless it happens often: then the relay repeats what was already delivered",
            Code::Crc => {
                "the bytes changed on the way. If the transport pads packets to a fixed size, try --padded; else \
                 check it for overruns and mixed writers"
            }
            Code::Truncated => "the rest may still be in the device's next export, or the capture stopped too early",
            Code::TooBig | Code::BadHeader => "check that the input holds chunks, one per token, line or file",
            Code::Rle => "please keep the input: the device encoded it wrongly, or the CRC matched by chance",
            Code::Cbor => "what could be read is in the output",
            Code::UnknownType => "a newer mflt may know it; with --out its bytes are written to a file",
            Code::Trimmed | Code::Joined => "",
            Code::BadToken => {
                "the chunk in it is lost: look for lines of another task inside the token, or for the rest of the file"
            }
            Code::Serial => "check --serial, or split the log per device",
            Code::Coredump => "what could be read is in the output",
            Code::Symbols => "`mflt elf FILE` shows the build id and the names that a firmware offers",
        }
    }
}

/// A place in an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Number of the input; its meaning is the caller's.
    pub input: u32,
    /// Bytes from the start of the input.
    pub offset: u64,
    /// Line, from 1; 0 for an input without lines.
    pub line: u64,
    /// Byte in the line, from 1; 0 for an input without lines.
    pub column: u64,
}

/// One thing that is wrong, or worth knowing, about the input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// What kind of thing.
    pub code: Code,
    /// Name of the device, when one is known.
    pub device: Option<Arc<str>>,
    /// Number of the chunk within its device, from 1.
    pub chunk: Option<u64>,
    /// Where; written out by whoever knows the names of the inputs.
    #[serde(skip)]
    pub position: Option<Position>,
    /// One sentence for a person.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_text_name_a_code_alike() {
        for code in [Code::LostInit, Code::Gap, Code::TooBig, Code::UnknownType, Code::BadToken, Code::Symbols] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
