//! Spec 10 chapter 14: items as lists of pieces, and what a sink of limited size gets of them.

use golden::rust_api::{Player, object};
use golden::step::Step;
use golden::vectors::{Object, to_hex};
use serde_json::{Value, json};

/// The shortest head of a major type.
pub fn head(major: u8, value: u64) -> Vec<u8> {
    let first = major << 5;
    let bytes = value.to_be_bytes();
    match value {
        0..24 => vec![first | bytes[7]],
        24..0x100 => [&[first | 24], &bytes[7..]].concat(),
        0x100..0x1_0000 => [&[first | 25], &bytes[6..]].concat(),
        0x1_0000..0x1_0000_0000 => [&[first | 26], &bytes[4..]].concat(),
        _ => [&[first | 27], &bytes[..]].concat(),
    }
}

/// A number of either sign.
pub fn integer(value: i64) -> Vec<u8> {
    if value < 0 { head(1, (-1 - i128::from(value)) as u64) } else { head(0, value as u64) }
}

/// The pieces of a string: the head, and the payload.
pub fn string(major: u8, data: &[u8]) -> Vec<Vec<u8>> {
    vec![head(major, data.len() as u64), data.to_vec()]
}

/// Takes pieces as long as they fit.
#[derive(Default)]
pub struct Sink {
    /// `None`: everything fits and nothing is kept.
    pub room: Option<usize>,
    pub size: usize,
    pub bytes: Vec<u8>,
    pub writes: Vec<(usize, usize)>,
    pub overflowed: bool,
}

impl Sink {
    pub fn with_room(room: usize) -> Self {
        Self { room: Some(room), ..Self::default() }
    }

    /// One piece, all or nothing.
    pub fn piece(&mut self, piece: &[u8]) -> bool {
        if piece.is_empty() {
            return true;
        }
        if let Some(room) = self.room {
            if self.size + piece.len() > room {
                self.overflowed = true;
                return false;
            }
            self.bytes.extend(piece);
            self.writes.push((self.size, piece.len()));
        }
        self.size += piece.len();
        true
    }

    /// Stops at the first piece that does not fit.
    pub fn pieces(&mut self, pieces: &[Vec<u8>]) -> bool {
        pieces.iter().all(|piece| self.piece(piece))
    }
}

/// The module `cbor`.
#[derive(Default)]
pub struct Encoder(Sink);

impl Player for Encoder {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let pieces = match step.name.as_str() {
            "init" => {
                let bounded = step.text("init")? == "cb";
                self.0 = Sink { room: if bounded { Some(step.number("buf_len")?) } else { None }, ..Sink::default() };
                return Ok(Object::new());
            }
            "finish" => {
                let sink = &self.0;
                let mut results = json!({"status": if sink.overflowed { 12 } else { 0 }, "size": sink.size});
                if sink.room.is_some() {
                    results["out"] = to_hex(&sink.bytes).into();
                    results["writes"] =
                        sink.writes.iter().map(|(at, len)| json!([at, len])).collect::<Vec<Value>>().into();
                }
                return Ok(object(results));
            }
            "unsigned" => vec![head(0, step.number("v")?)],
            "signed" | "long_signed" => vec![integer(step.number("v")?)],
            "uint64_as_double" => vec![[&[0xfb][..], &step.number::<u64>("v")?.to_be_bytes()].concat()],
            "byte_string_begin" => vec![head(2, step.number("v")?)],
            "string_begin" => vec![head(3, step.number("v")?)],
            "array_begin" => vec![head(4, step.number("v")?)],
            "dictionary_begin" => vec![head(5, step.number("v")?)],
            "null" => vec![vec![0xf6]],
            "byte_string" => string(2, step.bytes("v")?),
            "string" => string(3, step.bytes("v")?),
            "join" => vec![step.bytes("v")?.to_vec()],
            _ => return step.unknown(),
        };
        Ok(object(json!({"ret": self.0.pieces(&pieces)})))
    }
}
