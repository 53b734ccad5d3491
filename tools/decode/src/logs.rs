//! Log messages: levels, and the compact records whose text stays in the firmware's ELF (spec 30 §7.5 and §8.3).

use crate::cbor::{Reader, Value};
use crate::event::{lossy, to_json};
use crate::model::{CompactLog, LogLine, rfc3339};
use serde_json::Value as Json;
use std::borrow::Cow;

/// Name of a log level; other values as their number.
pub fn level_name(level: i128) -> Cow<'static, str> {
    Cow::Borrowed(match level {
        0 => "debug",
        1 => "info",
        2 => "warning",
        3 => "error",
        other => return Cow::Owned(other.to_string()),
    })
}

/// Records further apart than this are not from one log: what looks like the time of the second one is text.
const MAX_STEP_S: i128 = 86_400;

/// Elements per record: (time,) level, message.
pub const fn group_len(timestamped: bool) -> usize {
    if timestamped { 3 } else { 2 }
}

/// A record of a log event.
struct Group<'v, 'a> {
    /// 0 without a clock.
    time: &'v Value<'a>,
    level: &'v Value<'a>,
    message: &'v Value<'a>,
}

fn groups<'v, 'a>(elements: &'v [Value<'a>], timestamped: bool) -> impl Iterator<Item = Group<'v, 'a>> {
    elements.chunks_exact(group_len(timestamped)).filter_map(|group| match group {
        [time, level, message] => {
            Some(Group { time: time.untagged(), level: level.untagged(), message: message.untagged() })
        }
        [level, message] => Some(Group { time: &Value::Int(0), level: level.untagged(), message: message.untagged() }),
        _ => None,
    })
}

/// The flat array of a log event. Gives the complete records, and the number of elements that fit into none.
pub fn log_lines(elements: &[Value<'_>], timestamped: bool) -> (Vec<LogLine>, usize) {
    let left_over = elements.len() % group_len(timestamped);
    (groups(elements, timestamped).map(|group| group.line(group.message)).collect(), left_over)
}

impl<'a> Group<'_, 'a> {
    fn line(&self, message: &Value<'a>) -> LogLine {
        let mut line = LogLine {
            time: match self.time {
                // 0: the record was stored without a clock.
                Value::Int(seconds) if *seconds != 0 => i64::try_from(*seconds).ok().and_then(rfc3339),
                _ => None,
            },
            level: match self.level {
                Value::Int(level) => Some(level_name(*level)),
                _ => None,
            },
            ..LogLine::default()
        };
        match message {
            Value::Text(text) => line.text = Some(lossy(text)),
            Value::Bytes(record) => {
                let LogLine { text, raw, damaged, .. } = compact(record.to_vec());
                return LogLine { text, raw, damaged, ..line };
            }
            other => line.text = Some(to_json(other).to_string()),
        }
        line
    }

    /// Its time can be that of a neighbour of `other`.
    fn is_near(&self, other: &Self) -> bool {
        matches!((self.time, other.time), (Value::Int(one), Value::Int(two)) if (one - two).abs() <= MAX_STEP_S)
    }

    /// This record and the next one as one, if the original SDK can have made two of one (spec 30 §8.5): it sends a record that
    /// wraps around the end of the buffer as two, and takes the first four bytes of the second part for its time.
    fn with_second_part(&self, next: &Self) -> Option<LogLine> {
        let (Value::Int(time), Value::Int(next_time)) = (self.time, next.time) else { return None };
        let eaten = match (time, next_time) {
            (0, 0) => Vec::new(),
            (0, _) => return None,
            _ if self.is_near(next) => return None,
            (_, text) => u32::try_from(*text).ok()?.to_le_bytes().to_vec(),
        };
        let joined = |one: &[u8], two: &[u8]| [one, &eaten, two].concat();
        let message = match (self.message, next.message) {
            _ if self.level != next.level => return None,
            (Value::Text(one), Value::Text(two)) => Value::Text(joined(one, two).into()),
            (Value::Bytes(one), Value::Bytes(two)) if !is_whole(one) && is_whole(&joined(one, two)) => {
                Value::Bytes(joined(one, two).into())
            }
            _ => return None,
        };
        Some(LogLine { damaged: true, ..self.line(&message) })
    }
}

/// The record that came in two parts: the index of the second part, and the whole. `None`: there is none, or it cannot be told
/// which it is.
pub fn split_record(elements: &[Value<'_>], timestamped: bool) -> Option<(usize, LogLine)> {
    let groups: Vec<_> = groups(elements, timestamped).collect();
    let mut found = (1..groups.len()).filter_map(|second| {
        let (first, next) = (groups.get(second - 1)?, groups.get(second)?);
        // Text instead of a time stands out on both sides; the first part has the time of its neighbours.
        let others = [second.checked_sub(2), second.checked_add(1)].into_iter().flatten();
        let others: Vec<_> = others.filter_map(|index| groups.get(index)).collect();
        let fits = others.is_empty() || others.iter().any(|other| first.is_near(other));
        fits.then(|| first.with_second_part(next)).flatten().map(|whole| (second, whole))
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// A line that came as a compact record, without time and level.
pub fn compact(record: Vec<u8>) -> LogLine {
    let mut reader = Reader::new(&record);
    let read = reader.read();
    let is_whole = read.error.is_none() && reader.remaining() == 0;
    let text = read.value.and_then(Record::of).map(|record| record.undecoded());
    let damaged = text.is_none() || !is_whole;
    LogLine { text, damaged, raw: Some(CompactLog(record)), ..LogLine::default() }
}

/// The CBOR of a compact record without anything missing or behind it.
pub fn is_whole(record: &[u8]) -> bool {
    let mut reader = Reader::new(record);
    reader.read().error.is_none() && reader.remaining() == 0
}

/// A compact record: the id of its format and the values for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    /// Offset of the format in the firmware's log section.
    pub id: u32,
    /// What goes into the format.
    pub arguments: Arguments<'a>,
}

/// The values of a compact record.
#[derive(Debug, Clone, PartialEq)]
pub enum Arguments<'a> {
    /// In the order of the format. A 64-bit integer is an array of one.
    Values(Vec<Value<'a>>),
    /// They did not fit into the device's buffer; their size in bytes.
    TooLong(i128),
}

impl<'a> Record<'a> {
    /// Takes a record of a log message. `None` if it is no such record.
    pub fn parse(record: &'a [u8]) -> Option<Self> {
        Self::of(Reader::new(record).read().value?)
    }

    /// The same for a record that is part of an event.
    pub fn of(record: Value<'a>) -> Option<Self> {
        let mut record = record;
        while let Value::Tag(_, inner) = record {
            record = *inner;
        }
        let Value::Array(mut items) = record else { return None };
        let arguments = items.split_off(items.len().min(1));
        let Value::Int(id) = items.first()?.untagged() else { return None };
        let id = u32::try_from(*id).ok()?;
        if let [Value::Map(pairs)] = &*arguments
            && let [(Value::Int(0), Value::Int(1)), (Value::Int(1), Value::Int(len))] = pairs.as_slice()
        {
            return Some(Self { id, arguments: Arguments::TooLong(*len) });
        }
        Some(Self { id, arguments: Arguments::Values(arguments) })
    }

    /// What can be said about it without the ELF: `<log 0x22: [250,"low"]>`.
    pub fn undecoded(&self) -> String {
        let id = self.id;
        match &self.arguments {
            Arguments::TooLong(len) => format!("<log 0x{id:x}: arguments too long: {len} bytes>"),
            Arguments::Values(values) => {
                let values: Json = values.iter().map(|value| to_json(unwrapped(value.untagged()))).collect();
                format!("<log 0x{id:x}: {values}>")
            }
        }
    }
}

/// A 64-bit integer in a record travels as an array of one.
pub fn unwrapped<'v, 'a>(value: &'v Value<'a>) -> &'v Value<'a> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [wide @ Value::Int(_)] => wide,
            _ => value,
        },
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_records_of_the_specification() {
        for (record, text) in [
            (&[0x81, 8][..], "<log 0x8: []>"),
            (&[0x83, 0x18, 0x22, 0x18, 0xfa, 0x63, b'l', b'o', b'w'], "<log 0x22: [250,\"low\"]>"),
            (&[0x82, 0x18, 0x2b, 0x39, 0x01, 0xf3], "<log 0x2b: [-500]>"),
            (&[0x82, 0x18, 0x60, 0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], "<log 0x60: [1.5]>"),
            (&[0x82, 0x18, 0x4e, 0x81, 0x3b, 0, 0, 0, 1, 0x2a, 5, 0xf1, 0xff], "<log 0x4e: [-5000000000]>"),
            (&[0x82, 0x19, 0x01, 0x3e, 0xa2, 0, 1, 1, 0x18, 0x82], "<log 0x13e: arguments too long: 130 bytes>"),
            (&[0x82, 8, 0x78, 0x63], "<log 0x8: [\"\"]>"),
        ] {
            assert_eq!(Record::parse(record).unwrap().undecoded(), text);
        }
        assert_eq!(Record::parse(b"plain"), None);
    }
}
