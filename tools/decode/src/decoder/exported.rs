//! Compact logs that a device exported as text: `ML:` tokens (spec 30 §6.2, spec 80 §7.2).
//!
//! A record is cut into pieces of the same length but for the last one, each a token; nothing tells where one begins. So pieces are
//! put together until the CBOR is complete.

use crate::cbor::{CborErrorKind, Reader};
use crate::chunk::Origin;
use crate::diagnostic::{Code, Position};

/// Longest record: a device has some hundred bytes for one.
const MAX_RECORD_LEN: usize = 4096;
/// First bytes of a record: an array of the id and up to 15 values.
const FIRST: std::ops::RangeInclusive<u8> = 0x81..=0x90;
/// `ML:` also ends other words; what follows them is hardly as long as this.
const CLEARLY_A_PIECE: usize = 16;

/// The exported logs of a device.
#[derive(Debug, Default)]
pub struct Exported {
    open: Option<Record>,
}

/// A record, or what there is of it.
#[derive(Debug)]
pub struct Record {
    pub bytes: Vec<u8>,
    /// Of its first piece.
    pub origin: Origin,
    piece_len: usize,
}

/// What comes out.
pub enum Event {
    Record(Record),
    Damage(Code, Position, String),
}

/// What the bytes of a record are.
enum State {
    Whole,
    /// More is needed.
    Cut,
    Damaged,
}

impl Exported {
    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8], origin: Origin) -> Vec<Event> {
        let mut out = Vec::new();
        if let Some(mut open) = self.open.take() {
            let before = open.bytes.len();
            open.bytes.extend_from_slice(piece);
            match state(&open.bytes) {
                State::Whole => return vec![Event::Record(open)],
                State::Cut if piece.len() == open.piece_len && open.bytes.len() < MAX_RECORD_LEN => {
                    self.open = Some(open);
                    return out;
                }
                _ => {
                    // The end of the open record is missing; this piece begins another one.
                    open.bytes.truncate(before);
                    out.extend(cut(open));
                }
            }
        }
        let is_first = piece.first().is_some_and(|first| FIRST.contains(first));
        let record = Record { bytes: piece.to_vec(), origin, piece_len: piece.len() };
        match state(piece) {
            State::Whole if is_first => out.push(Event::Record(record)),
            State::Cut if is_first => self.open = Some(record),
            _ if piece.len() < CLEARLY_A_PIECE => {}
            _ => {
                let text = "an exported log record without its beginning; dropped".to_owned();
                out.push(Event::Damage(Code::LostInit, origin.position, text));
            }
        }
        out
    }

    /// No more pieces will come.
    pub fn finish(&mut self) -> Vec<Event> {
        self.open.take().into_iter().flat_map(cut).collect()
    }
}

fn cut(record: Record) -> [Event; 2] {
    let text = format!("an exported log record ends after {} bytes", record.bytes.len());
    [Event::Damage(Code::Truncated, record.origin.position, text), Event::Record(record)]
}

fn state(bytes: &[u8]) -> State {
    let mut reader = Reader::new(bytes);
    match reader.read().error {
        None if reader.remaining() == 0 => State::Whole,
        Some(error) if error.kind == CborErrorKind::Truncated => State::Cut,
        _ => State::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out of these pieces: records in hex, damage by its code.
    fn export(pieces: &[&[u8]]) -> Vec<String> {
        let mut exported = Exported::default();
        let origin = Origin { chunk: 0, position: Position::default(), received_at_ms: None };
        let mut events: Vec<_> = pieces.iter().flat_map(|piece| exported.push(piece, origin)).collect();
        events.extend(exported.finish());
        let show = |event| match event {
            Event::Record(record) => crate::model::hex(&record.bytes),
            Event::Damage(code, ..) => code.as_str().to_owned(),
        };
        events.into_iter().map(show).collect()
    }

    #[test]
    fn pieces_become_records() {
        let long: Vec<u8> = [&[0x82, 8, 0x78, 100][..], &[b'x'; 100]].concat();
        let whole = crate::model::hex(&long);
        assert_eq!(export(&[&[0x81, 8], &long[..80], &long[80..], &[0x81, 9]]), ["8108", &whole, "8109"]);
        // The firmware chooses the length of a piece.
        assert_eq!(export(&[&long[..40], &long[40..80], &long[80..]]), [whole]);
    }

    #[test]
    fn lost_pieces_cost_one_record() {
        let long: Vec<u8> = [&[0x82, 8, 0x78, 100][..], &[b'x'; 100]].concat();
        let start = crate::model::hex(&long[..80]);
        assert_eq!(export(&[&long[..80], &[0x81, 9]]), ["truncated", &start, "8109"]);
        assert_eq!(export(&[&long[80..], &[0x81, 9]]), ["lost_init", "8109"]);
        assert_eq!(export(&[&long[..80]]), ["truncated", &start]);
        // The end of another word than ML: HTML:page: says nothing about a device.
        assert_eq!(export(&[&[0xa5, 0xa8, 0x1e], &[]]), [""; 0]);
    }
}
