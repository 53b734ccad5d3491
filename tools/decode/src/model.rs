//! The records of the JSON output (spec 80 §7.5). Field names are the JSON names; absent values are `null`.
//!
//! Numbers that JSON cannot hold exactly (above 2^53) become decimal text, addresses become hex text, binary data stays out:
//! it is described by size and SHA-256 and handed out apart ([`crate::decoder::Attachment`]).

mod coredump;
mod device_state;

pub use coredump::{Coredump, CoredumpFiles, CoredumpMore, Region, RegisterValues, StackFrame, ThreadFrames, Word};
pub use device_state::{DeviceState, HeapBlock, HeapStats, WatchdogChannel};

use crate::logs::Record;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Version of this model, the key `v` of every message.
pub const MODEL_VERSION: u32 = 1;
/// Type of the messages that are made of exported logs: that of a log message.
pub const EXPORTED_LOG_TYPE: u8 = crate::message::type_id::LOG;
/// Largest whole number that every JSON reader holds exactly.
const MAX_EXACT: i128 = 1 << 53;

/// A JSON value of a whole number: a number when it is exact there, else decimal text.
pub fn json_int(value: i128) -> Json {
    match i64::try_from(value) {
        Ok(small) if value.abs() <= MAX_EXACT => small.into(),
        _ => value.to_string().into(),
    }
}

/// One message.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// [`MODEL_VERSION`].
    pub v: u32,
    /// Name of the device, as the transport knows it.
    pub device: Arc<str>,
    /// Number of the message in this run, from 1.
    pub message: u64,
    /// `coredump`, `event`, `log`, `cdr`, `mar` or `unknown`.
    pub r#type: &'static str,
    /// The type on the wire.
    pub type_id: u8,
    /// RFC 3339; when a host first saw it, if that is known.
    pub received_at: Option<String>,
    /// Size of the message on the wire, in bytes, with its type byte.
    pub size: usize,
    /// Numbers of its first and its last chunk within the device, from 1.
    pub chunks: [u64; 2],
    /// The payload was run-length encoded.
    pub rle: bool,
    /// The project key that it carried, masked but for the last four characters.
    pub project_key: Option<String>,
    /// Number of an earlier message of this device with the same bytes.
    pub duplicate_of: Option<u64>,
    /// A log that the device printed instead of sending it: one line, which names neither device nor firmware.
    #[serde(skip_serializing_if = "is_false")]
    pub exported: bool,
    /// The events; `None` for a coredump.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
    /// Only for a coredump.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coredump: Option<Coredump>,
    /// The payload as a whole, where it is binary data: coredumps, MAR archives, unknown types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Binary>,
}

/// Binary data that is not part of the JSON.
#[derive(Debug, Clone, Serialize)]
pub struct Binary {
    /// In bytes.
    pub size: usize,
    /// Lower-case hex.
    pub sha256: String,
    /// Name of the file that it was written to.
    pub file: Option<String>,
}

/// One event.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Event {
    /// `heartbeat`, `session`, `trace`, `reboot`, `logs`, `cdr` or `unknown`.
    pub r#type: &'static str,
    /// The type on the wire.
    pub type_id: Option<Json>,
    /// Version of the event format.
    pub schema_version: Option<Json>,
    /// Serial that the firmware put in.
    pub device_serial: Option<String>,
    /// For instance `app-fw`.
    pub software_type: Option<String>,
    /// For instance `2.7.1`.
    pub software_version: Option<String>,
    /// For instance `rev-c`.
    pub hardware_version: Option<String>,
    /// Build id or its first bytes, lower-case hex.
    pub build_id: Option<String>,
    /// RFC 3339, by the device's clock.
    pub captured_at: Option<String>,
    /// The same in seconds since 1970.
    pub captured_at_unix: Option<Json>,
    /// Metrics of a heartbeat or session.
    pub heartbeat: Option<Heartbeat>,
    /// A trace event.
    pub trace: Option<Trace>,
    /// A reboot.
    pub reboot: Option<Reboot>,
    /// Log lines.
    pub logs: Option<Vec<LogLine>>,
    /// A custom data recording.
    pub cdr: Option<Cdr>,
    /// The firmware that names were taken from; `None` when no symbols were asked for.
    pub symbols: Option<Symbols>,
    /// Pairs that the model has no place for, by CBOR key.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub unknown: serde_json::Map<String, Json>,
    /// The CBOR was damaged: this is what could be read.
    #[serde(skip_serializing_if = "is_false")]
    pub malformed: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Metrics of one session.
#[derive(Debug, Clone, Serialize)]
pub struct Heartbeat {
    /// Name of the session, if it is known.
    pub session: Option<String>,
    /// Its index on the wire.
    pub session_index: Option<Json>,
    /// Where the names are from: `elf`, `inline` (the message carries them), `none` (no firmware), `mismatch` (the firmware does
    /// not fit).
    pub resolved: &'static str,
    /// Name and value, in the order of the message; `null` is an unset metric.
    pub metrics: Metrics,
    /// The values as they were sent; `None` when the message carries names.
    pub values: Option<Vec<Json>>,
    /// What the firmware says about each of `metrics`; empty without it.
    #[serde(skip)]
    pub infos: Vec<MetricInfo>,
}

/// What a firmware says about a metric besides its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MetricInfo {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: MetricType,
    /// Smallest and largest value, before scaling; nobody enforces them.
    pub range: Option<(i64, i64)>,
    /// Longest text in bytes; only for strings.
    pub max_length: Option<u32>,
    /// The value is what was sent divided by this.
    pub scale: u32,
}

/// Type of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricType {
    /// 32 bits without sign.
    Unsigned,
    /// 32 bits with sign.
    Signed,
    /// Milliseconds.
    Timer,
    /// Text.
    String,
}

impl MetricType {
    /// As in JSON.
    pub const fn text(self) -> &'static str {
        match self {
            MetricType::Unsigned => "unsigned",
            MetricType::Signed => "signed",
            MetricType::Timer => "timer",
            MetricType::String => "string",
        }
    }
}

/// A JSON object that keeps its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metrics(pub Vec<(Cow<'static, str>, Json)>);

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A trace event.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Trace {
    /// Name of the user's reason; needs symbols.
    pub reason: Option<String>,
    /// Number of the user's reason.
    pub reason_id: Option<Json>,
    /// Program counter.
    pub pc: Option<Address>,
    /// Link register.
    pub lr: Option<Address>,
    /// Source line of `pc`; needs symbols.
    pub pc_source: Option<String>,
    /// Source line of `lr`; needs symbols.
    pub lr_source: Option<String>,
    /// Status code that the firmware added.
    pub status: Option<Json>,
    /// Text that the firmware added.
    pub log: Option<String>,
    /// The record behind `log` if it was a compact one, for a later look into the symbols.
    #[serde(skip)]
    pub compact_log: Option<Record<'static>>,
}

/// A reboot.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Reboot {
    /// Name of the reason; custom reasons need symbols.
    pub reason: Option<String>,
    /// Number of the reason.
    pub reason_id: Option<Json>,
    /// True for crashes and everything else that the firmware did not ask for.
    pub unexpected: Option<bool>,
    /// Program counter before the reboot.
    pub pc: Option<Address>,
    /// Link register before the reboot.
    pub lr: Option<Address>,
    /// Source line of `pc`; needs symbols.
    #[serde(skip)]
    pub pc_source: Option<String>,
    /// Source line of `lr`; needs symbols.
    #[serde(skip)]
    pub lr_source: Option<String>,
    /// The MCU's reset reason register.
    pub reset_reason_register: Option<Address>,
    /// A coredump was stored.
    pub coredump_saved: Option<bool>,
}

/// One log line.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct LogLine {
    /// RFC 3339, by the device's clock.
    pub time: Option<String>,
    /// `debug`, `info`, `warning`, `error`, or a number as text.
    pub level: Option<Cow<'static, str>>,
    /// The text; for an undecoded compact record `<log 0x22: [250,"low"]>`.
    pub text: Option<String>,
    /// Source file; needs symbols.
    pub file: Option<String>,
    /// Source line; needs symbols.
    pub line: Option<u32>,
    /// An undecoded compact record, in hex.
    pub raw: Option<CompactLog>,
    /// The device stored or sent it damaged: the text is what could be read.
    #[serde(skip_serializing_if = "is_false")]
    pub damaged: bool,
}

/// The CBOR of a compact log record.
#[derive(Debug, Clone, PartialEq)]
pub struct CompactLog(pub Vec<u8>);

impl Serialize for CompactLog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

/// A custom data recording; its data is apart.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cdr {
    /// Length of the recording.
    pub duration_ms: Option<Json>,
    /// As the firmware claims.
    pub mimetypes: Option<Vec<String>>,
    /// Why it was made.
    pub reason: Option<String>,
    /// Size of the data in bytes.
    pub size: Option<usize>,
    /// SHA-256 of the data.
    pub sha256: Option<String>,
    /// Name of the file that it was written to.
    pub file: Option<String>,
}

/// The firmware that names were taken from.
#[derive(Debug, Clone, Serialize)]
pub struct Symbols {
    /// Its build id.
    pub build_id: Option<String>,
    /// How it was found: `build_id`, `version` or `none`.
    pub r#match: &'static str,
}

/// An address or register: `0x` and 8 digits, 16 from 2^32 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub u64);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.0 > u64::from(u32::MAX) { 16 } else { 8 };
        write!(f, "0x{:0digits$x}", self.0)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
    text
}

/// RFC 3339 in UTC of seconds since 1970; `None` out of the range of the calendar.
pub fn rfc3339(unix_seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(unix_seconds).ok().map(|time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_addresses_and_times() {
        assert_eq!(json_int(1 << 53), Json::from(9_007_199_254_740_992u64));
        assert_eq!(json_int((1 << 53) + 1), "9007199254740993");
        assert_eq!(json_int(-(1 << 64)), "-18446744073709551616");
        assert_eq!(serde_json::to_value(Address(0x0800_abcd)).unwrap(), "0x0800abcd");
        assert_eq!(serde_json::to_value(Address(1 << 32)).unwrap(), "0x0000000100000000");
        assert_eq!(rfc3339(1_760_000_000).unwrap(), "2025-10-09T08:53:20Z");
        assert_eq!(rfc3339(i64::from(u32::MAX)).unwrap(), "2106-02-07T06:28:15Z");
        assert_eq!(hex(&[0x00, 0xa5, 0xff]), "00a5ff");
    }
}
