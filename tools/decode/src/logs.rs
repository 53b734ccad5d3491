//! Log messages: levels, and the compact records whose text stays in the firmware's ELF (spec 30 §7.5 and §8.3).

use crate::cbor::{Reader, Value};
use crate::event::{lossy, to_json};
use crate::model::{CompactLog, LogLine, rfc3339};
use serde_json::Value as Json;

/// Name of a log level; other values as their number.
pub fn level_name(level: i128) -> String {
    match level {
        0 => "debug".to_owned(),
        1 => "info".to_owned(),
        2 => "warning".to_owned(),
        3 => "error".to_owned(),
        other => other.to_string(),
    }
}

/// The flat array of a log event: groups of (time,) level, message. Gives the complete groups, and the number of elements that
/// fit into no group.
pub fn log_lines(elements: &[Value<'_>], timestamped: bool) -> (Vec<LogLine>, usize) {
    let group_len = if timestamped { 3 } else { 2 };
    let groups = elements.chunks_exact(group_len);
    let left_over = groups.remainder().len();
    let lines = groups.filter_map(|group| {
        let (time, level, message) = match group {
            [time, level, message] => (Some(time), level, message),
            [level, message] => (None, level, message),
            _ => return None,
        };
        let mut line = LogLine {
            time: time.and_then(|time| match time.untagged() {
                // 0: the record was stored without a clock.
                Value::Int(seconds) if *seconds != 0 => rfc3339(i64::try_from(*seconds).ok()?),
                _ => None,
            }),
            level: match level.untagged() {
                Value::Int(level) => Some(level_name(*level)),
                _ => None,
            },
            ..LogLine::default()
        };
        match message.untagged() {
            Value::Text(text) => line.text = Some(lossy(text)),
            Value::Bytes(record) => {
                line.text = Record::parse(record).map(|record| record.undecoded());
                line.raw = Some(CompactLog(record.to_vec()));
            }
            other => line.text = Some(to_json(other).to_string()),
        }
        Some(line)
    });
    (lines.collect(), left_over)
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
