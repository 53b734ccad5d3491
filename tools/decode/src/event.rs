//! Events: CBOR of message types 2, 3 and 4 to records (spec 20 §6 and §7, spec 30 §8 and §10, spec 80 §7.4).
//!
//! A message holds one map (an event) or an array of maps (a batch). The reader takes more than devices write: any order of
//! keys, unknown keys, any number width. Of a damaged event it gives what could be read, marked `malformed`: the SDK itself
//! writes malformed events in known cases (spec 20 §10.3, spec 30 §8.5).

mod info;

use crate::cbor::{Reader, Value};
use crate::diagnostic::Level;
use crate::model::{Event, hex, json_int, rfc3339};
use serde_json::Value as Json;
use std::collections::HashSet;

/// Keys of the envelope.
mod key {
    pub const CAPTURED_DATE: i128 = 1;
    pub const TYPE: i128 = 2;
    pub const SCHEMA_VERSION: i128 = 3;
    pub const INFO: i128 = 4;
    pub const HARDWARE_VERSION: i128 = 6;
    pub const DEVICE_SERIAL: i128 = 7;
    pub const SOFTWARE_VERSION: i128 = 9;
    pub const SOFTWARE_TYPE: i128 = 10;
    pub const BUILD_ID: i128 = 11;
}

/// Values of the type key.
mod event_type {
    pub const HEARTBEAT: i128 = 1;
    pub const TRACE: i128 = 2;
    pub const LOGS: i128 = 4;
    pub const CDR: i128 = 5;
    pub const LOGS_TIMESTAMPED: i128 = 6;
}

/// Longest unknown byte string that is shown in full.
const MAX_SHOWN_BYTES: usize = 64;
/// Most notes per message.
const MAX_NOTES: usize = 20;

/// What a payload gave.
#[derive(Debug, Default)]
pub struct Events {
    /// The events in their order.
    pub events: Vec<Event>,
    /// Recorded data, each with the index of its event.
    pub recordings: Vec<(usize, Vec<u8>)>,
    /// What is odd or damaged.
    pub notes: Vec<(Level, String)>,
    /// Elements of the log array that its header does not count.
    uncounted: usize,
}

/// Decodes the payload of an event, log or recording message.
pub fn decode(payload: &[u8]) -> Events {
    let mut out = Events::default();
    let mut reader = Reader::new(payload);
    let read = reader.read();
    let mut damaged = read.error.is_some();
    match read.value {
        Some(Value::Array(items)) => {
            for (index, item) in items.into_iter().enumerate() {
                match item {
                    Value::Map(pairs) => out.event(pairs),
                    other => out.warn(format!("item {index} of the batch is {}, not an event", other.kind())),
                }
            }
        }
        Some(Value::Map(mut pairs)) => {
            if read.error.is_none() && reader.remaining() > 0 {
                damaged |= out.elements_behind(&mut pairs, &mut reader);
            }
            out.event(pairs);
            if out.uncounted > 0 {
                out.warn(format!("{} elements behind the event are not part of it", out.uncounted));
            }
        }
        Some(other) => out.error(format!("the payload is {}, not an event", other.kind())),
        None => {}
    }
    if let Some(error) = read.error {
        out.error(format!("event data is damaged: {error}"));
    }
    if reader.remaining() > 0 && !damaged {
        out.warn(format!("{} bytes behind the event are not part of it", reader.remaining()));
    }
    if damaged && let Some(last) = out.events.last_mut() {
        last.malformed = true;
    }
    out
}

impl Events {
    fn warn(&mut self, text: String) {
        self.note(Level::Warning, text);
    }

    fn error(&mut self, text: String) {
        self.note(Level::Error, text);
    }

    /// A hostile message could cause a note per byte.
    fn note(&mut self, level: Level, text: String) {
        match self.notes.len() {
            len if len < MAX_NOTES => self.notes.push((level, text)),
            MAX_NOTES => self.notes.push((level, "more of the same kind is not reported".to_owned())),
            _ => {}
        }
    }

    /// A log message whose array header counts too few elements (spec 30 §8.5): what is behind it belongs to it. Gives true if
    /// these bytes are damaged too.
    fn elements_behind<'a>(&mut self, pairs: &mut [(Value<'a>, Value<'a>)], reader: &mut Reader<'a>) -> bool {
        let is_log = pairs.iter().any(|pair| {
            matches!(pair, (Value::Int(key::TYPE), Value::Int(event_type::LOGS | event_type::LOGS_TIMESTAMPED)))
        });
        let Some((Value::Int(key::INFO), Value::Array(elements))) = pairs.last_mut() else { return false };
        if !is_log {
            return false;
        }
        let declared = elements.len();
        let mut damaged = false;
        while reader.remaining() > 0 && !damaged {
            let read = reader.read();
            damaged = read.error.is_some();
            elements.extend(read.value);
        }
        self.uncounted = elements.len() - declared;
        damaged
    }

    fn event(&mut self, pairs: Vec<(Value<'_>, Value<'_>)>) {
        let mut event = Event { r#type: "unknown", ..Event::default() };
        let mut type_id = None;
        let mut info = None;
        let mut seen = Seen::default();
        for (name, value) in pairs {
            let Value::Int(number) = *name.untagged() else {
                self.keep(&mut event, to_json(&name).to_string(), &value);
                continue;
            };
            if !seen.first_time(number) {
                self.warn(format!("key {number} occurs twice; the first one counts"));
                continue;
            }
            if number == key::INFO {
                info = Some(value);
                continue;
            }
            let value = value.untagged();
            let known = match (number, value) {
                (key::TYPE, Value::Int(value)) => {
                    type_id = Some(*value);
                    put(&mut event.type_id, json_int(*value))
                }
                (key::SCHEMA_VERSION, Value::Int(version)) => put(&mut event.schema_version, json_int(*version)),
                (key::CAPTURED_DATE, Value::Int(seconds)) => {
                    event.captured_at = i64::try_from(*seconds).ok().and_then(rfc3339);
                    put(&mut event.captured_at_unix, json_int(*seconds))
                }
                (key::DEVICE_SERIAL, Value::Text(text)) => put(&mut event.device_serial, lossy(text)),
                (key::SOFTWARE_TYPE, Value::Text(text)) => put(&mut event.software_type, lossy(text)),
                (key::SOFTWARE_VERSION, Value::Text(text)) => put(&mut event.software_version, lossy(text)),
                (key::HARDWARE_VERSION, Value::Text(text)) => put(&mut event.hardware_version, lossy(text)),
                (key::BUILD_ID, Value::Bytes(id)) => put(&mut event.build_id, hex(id)),
                _ => false,
            };
            if !known {
                self.warn(format!("key {number} with {} is not known; kept under \"unknown\"", value.kind()));
                self.keep(&mut event, number.to_string(), value);
            }
        }
        self.event_info(&mut event, type_id, info);
        self.events.push(event);
    }

    fn event_info(&mut self, event: &mut Event, type_id: Option<i128>, info: Option<Value<'_>>) {
        let Some(info) = info else {
            event.r#type = info::type_without_info(type_id);
            return self.error("the event has no information (key 4)".to_owned());
        };
        let info = info.untagged();
        match (type_id, info) {
            (Some(event_type::HEARTBEAT), Value::Map(pairs)) => self.heartbeat(event, pairs),
            (Some(event_type::TRACE), Value::Map(pairs)) => self.trace_or_reboot(event, pairs),
            (Some(event_type::CDR), Value::Map(pairs)) => self.recording(event, pairs),
            (Some(event_type::LOGS), Value::Array(elements)) => self.logs(event, elements, false),
            (Some(event_type::LOGS_TIMESTAMPED), Value::Array(elements)) => self.logs(event, elements, true),
            _ => {
                event.r#type = info::type_without_info(type_id);
                let of_type = type_id.map_or("without type".to_owned(), |id| format!("of type {id}"));
                self.warn(format!("event {of_type} with {} as its information is not known", info.kind()));
                self.keep(event, key::INFO.to_string(), info);
            }
        }
    }

    /// Keeps a pair that the model has no place for.
    fn keep(&mut self, event: &mut Event, name: String, value: &Value<'_>) {
        event.unknown.entry(name).or_insert_with(|| to_json(value));
    }
}

/// The keys that a map has had. Real keys are small; a hostile map may have a million others.
#[derive(Default)]
struct Seen {
    small: u64,
    others: HashSet<i128>,
}

impl Seen {
    fn first_time(&mut self, key: i128) -> bool {
        match u32::try_from(key) {
            Ok(bit @ 0..64) => {
                let before = self.small;
                self.small |= 1 << bit;
                self.small != before
            }
            _ => self.others.insert(key),
        }
    }
}

/// Sets a field; true, for the caller's table.
fn put<T>(field: &mut Option<T>, value: T) -> bool {
    *field = Some(value);
    true
}

/// Text from a device: invalid UTF-8 replaced.
pub(crate) fn lossy(text: &[u8]) -> String {
    // What is valid, as nearly all is, can be told much faster than what is not.
    str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text).into_owned(), str::to_owned)
}

/// JSON for an item whose meaning is not known. Bytes become hex text, what JSON has no number for becomes text.
pub fn to_json(value: &Value<'_>) -> Json {
    match value {
        Value::Int(value) => json_int(*value),
        Value::Bytes(bytes) => match bytes.get(..MAX_SHOWN_BYTES) {
            Some(head) if head.len() < bytes.len() => format!("{}... ({} bytes)", hex(head), bytes.len()).into(),
            _ => hex(bytes).into(),
        },
        Value::Text(text) => lossy(text).into(),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Map(pairs) => pairs
            .iter()
            .map(|(name, value)| {
                let name = match to_json(name) {
                    Json::String(text) => text,
                    other => other.to_string(),
                };
                (name, to_json(value))
            })
            .collect(),
        Value::Tag(_, inner) => to_json(inner),
        Value::Bool(value) => (*value).into(),
        Value::Null | Value::Undefined => Json::Null,
        Value::Simple(value) => format!("simple({value})").into(),
        Value::Float(value) => {
            serde_json::Number::from_f64(*value).map_or_else(|| value.to_string().into(), Json::Number)
        }
    }
}

#[cfg(test)]
mod tests;
