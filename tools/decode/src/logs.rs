//! Log messages: levels, and the compact records whose text stays in the firmware's ELF (spec 30 §7.5 and §8.3).

use crate::cbor::{Reader, Value};
use crate::event::{lossy, to_json};
use crate::model::{CompactLog, LogLine, json_int, rfc3339};
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
                line.text = compact_text(record);
                line.raw = Some(CompactLog(record.to_vec()));
            }
            other => line.text = Some(to_json(other).to_string()),
        }
        Some(line)
    });
    (lines.collect(), left_over)
}

/// What can be said about a compact record without the ELF: `<log 0x22: [250,"low"]>`. `None` if it is no such record.
pub fn compact_text(record: &[u8]) -> Option<String> {
    let mut reader = Reader::new(record);
    compact_value_text(&reader.read().value?)
}

/// The same for a record that is part of an event.
pub fn compact_value_text(record: &Value<'_>) -> Option<String> {
    let Value::Array(items) = record.untagged() else { return None };
    let (Value::Int(id), arguments) = items.split_first().map(|(id, rest)| (id.untagged(), rest))? else {
        return None;
    };
    let id = u32::try_from(*id).ok()?;
    if let [Value::Map(pairs)] = arguments
        && let [(Value::Int(0), Value::Int(1)), (Value::Int(1), Value::Int(len))] = pairs.as_slice()
    {
        return Some(format!("<log 0x{id:x}: arguments too long: {len} bytes>"));
    }
    let arguments: Json = arguments
        .iter()
        .map(|argument| {
            let argument = argument.untagged();
            // A 64-bit argument travels as an array of one.
            if let Value::Array(wide) = argument
                && let [Value::Int(value)] = wide.as_slice()
            {
                return json_int(*value);
            }
            to_json(argument)
        })
        .collect();
    Some(format!("<log 0x{id:x}: {arguments}>"))
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
            assert_eq!(compact_text(record).as_deref(), Some(text));
        }
        assert_eq!(compact_text(b"plain"), None);
    }
}
