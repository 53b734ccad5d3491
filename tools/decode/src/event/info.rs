//! The information of each type of event (spec 20 §7.2).

use super::{Events, Seen, event_type, lossy, put, to_json};
use crate::cbor::Value;
use crate::logs::{Record, group_len, log_lines, split_record};
use crate::model::{Address, Cdr, Event, Heartbeat, Metrics, Reboot, Trace, json_int};
use crate::reasons;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::LazyLock;

mod heartbeat_key {
    pub const METRICS: i128 = 1;
    pub const SESSION: i128 = 2;
}

mod trace_key {
    pub const REASON: i128 = 1;
    pub const PROGRAM_COUNTER: i128 = 2;
    pub const LINK_REGISTER: i128 = 3;
    pub const MCU_REASON_REGISTER: i128 = 4;
    pub const COREDUMP_SAVED: i128 = 5;
    pub const USER_REASON: i128 = 6;
    pub const STATUS_CODE: i128 = 7;
    pub const LOG: i128 = 8;
    pub const COMPACT_LOG: i128 = 9;
}

mod cdr_key {
    pub const DURATION_MS: i128 = 1;
    pub const MIMETYPES: i128 = 2;
    pub const REASON: i128 = 3;
    pub const DATA: i128 = 4;
}

type Pairs<'a> = [(Value<'a>, Value<'a>)];

/// Name of an event whose information is missing or of an unknown form.
pub fn type_without_info(type_id: Option<i128>) -> &'static str {
    match type_id {
        Some(event_type::HEARTBEAT) => "heartbeat",
        Some(event_type::TRACE) => "trace",
        Some(event_type::LOGS | event_type::LOGS_TIMESTAMPED) => "logs",
        Some(event_type::CDR) => "cdr",
        _ => "unknown",
    }
}

/// The first value of a key.
fn get<'v, 'a>(pairs: &'v Pairs<'a>, wanted: i128) -> Option<&'v Value<'a>> {
    pairs.iter().find(|(name, _)| *name.untagged() == Value::Int(wanted)).map(|(_, value)| value.untagged())
}

impl Events {
    /// Calls `take` for each pair of the information once; what it refuses is kept under `4.<key>`.
    fn each(&mut self, event: &mut Event, pairs: &Pairs<'_>, mut take: impl FnMut(i128, &Value<'_>) -> bool) {
        let mut seen = Seen::default();
        for (name, value) in pairs {
            let Value::Int(number) = *name.untagged() else {
                self.keep(event, format!("4.{}", to_json(name)), value);
                continue;
            };
            if !seen.first_time(number) {
                self.warn(format!("key {number} of the event's information occurs twice; the first one counts"));
                continue;
            }
            if !take(number, value.untagged()) {
                let kind = value.untagged().kind();
                self.warn(format!("key 4.{number} with {kind} is not known; kept under \"unknown\""));
                self.keep(event, format!("4.{number}"), value);
            }
        }
    }

    pub(super) fn heartbeat(&mut self, event: &mut Event, pairs: &Pairs<'_>) {
        event.r#type = "heartbeat";
        let mut heartbeat = Heartbeat {
            session: None,
            session_index: None,
            resolved: "none",
            metrics: Metrics::default(),
            values: None,
            infos: Vec::new(),
        };
        // SDKs from before sessions send no index: everything was the heartbeat.
        if get(pairs, heartbeat_key::SESSION).is_none() {
            heartbeat.session = Some("heartbeat".to_owned());
        }
        let mut has_metrics = false;
        self.each(event, pairs, |number, value| match (number, value) {
            (heartbeat_key::SESSION, Value::Int(index)) => put(&mut heartbeat.session_index, json_int(*index)),
            (heartbeat_key::METRICS, Value::Array(values)) => {
                let values: Vec<_> = values.iter().map(to_json).collect();
                let named = values.iter().enumerate().map(|(index, value)| (numbered(index), value.clone()));
                heartbeat.metrics = Metrics(named.collect());
                heartbeat.values = Some(values);
                has_metrics = true;
                true
            }
            (heartbeat_key::METRICS, Value::Map(pairs)) => {
                let named = pairs.iter().map(|(name, value)| match name.untagged() {
                    Value::Text(name) => (lossy(name).into(), to_json(value)),
                    other => (to_json(other).to_string().into(), to_json(value)),
                });
                heartbeat.metrics = Metrics(named.collect());
                heartbeat.resolved = "inline";
                has_metrics = true;
                true
            }
            _ => false,
        });
        if !has_metrics {
            self.error("a heartbeat without metrics".to_owned());
        }
        event.heartbeat = Some(heartbeat);
    }

    /// Both have type 2: a trace event carries the user's reason (key 6), a reboot its reason under key 1.
    pub(super) fn trace_or_reboot(&mut self, event: &mut Event, pairs: &Pairs<'_>) {
        if get(pairs, trace_key::USER_REASON).is_none() && get(pairs, trace_key::REASON).is_some() {
            return self.reboot(event, pairs);
        }
        event.r#type = "trace";
        let mut trace = Trace::default();
        self.each(event, pairs, |number, value| match (number, value) {
            (trace_key::USER_REASON, Value::Int(reason)) => put(&mut trace.reason_id, json_int(*reason)),
            (trace_key::PROGRAM_COUNTER, value) => put_address(&mut trace.pc, value),
            (trace_key::LINK_REGISTER, value) => put_address(&mut trace.lr, value),
            (trace_key::STATUS_CODE, Value::Int(status)) => put(&mut trace.status, json_int(*status)),
            (trace_key::LOG, Value::Bytes(text) | Value::Text(text)) => put(&mut trace.log, lossy(text)),
            (trace_key::COMPACT_LOG, record) => match Record::of(record.clone().into_owned()) {
                Some(record) => {
                    put(&mut trace.log, record.undecoded());
                    put(&mut trace.compact_log, record)
                }
                None => false,
            },
            _ => false,
        });
        if trace.reason_id.is_none() {
            self.error("a trace event without a reason".to_owned());
        }
        event.trace = Some(trace);
    }

    fn reboot(&mut self, event: &mut Event, pairs: &Pairs<'_>) {
        event.r#type = "reboot";
        let mut reboot = Reboot::default();
        self.each(event, pairs, |number, value| match (number, value) {
            (trace_key::REASON, Value::Int(reason)) => {
                if let Ok(reason) = u32::try_from(*reason) {
                    reboot.reason = reasons::reboot_reason_name(reason).map(str::to_owned);
                    reboot.unexpected = Some(reasons::is_unexpected(reason));
                }
                put(&mut reboot.reason_id, json_int(*reason))
            }
            (trace_key::PROGRAM_COUNTER, value) => put_address(&mut reboot.pc, value),
            (trace_key::LINK_REGISTER, value) => put_address(&mut reboot.lr, value),
            (trace_key::MCU_REASON_REGISTER, value) => put_address(&mut reboot.reset_reason_register, value),
            (trace_key::COREDUMP_SAVED, Value::Int(saved)) => put(&mut reboot.coredump_saved, *saved != 0),
            (trace_key::COREDUMP_SAVED, Value::Bool(saved)) => put(&mut reboot.coredump_saved, *saved),
            _ => false,
        });
        event.reboot = Some(reboot);
    }

    pub(super) fn logs(&mut self, event: &mut Event, elements: &[Value<'_>], timestamped: bool) {
        event.r#type = "logs";
        let (mut lines, left_over) = log_lines(elements, timestamped);
        let uncounted = std::mem::take(&mut self.uncounted);
        if uncounted > 0 {
            let counted = elements.len() - uncounted;
            let split = (uncounted == group_len(timestamped)).then(|| split_record(elements, timestamped)).flatten();
            let what = match split {
                Some((second, whole)) => {
                    lines.remove(second);
                    lines.splice(second - 1..second, [whole]);
                    format!("record {second} was sent in two parts and is put together")
                }
                None => {
                    event.malformed = true;
                    "a record is in two parts, and which one cannot be told".to_owned()
                }
            };
            self.warn(format!(
                "the log array declares {counted} elements, {uncounted} more behind it are its own: {what}"
            ));
        }
        if left_over > 0 {
            event.malformed = true;
            self.error(format!("the last log record is incomplete ({left_over} of its elements are there)"));
        }
        event.logs = Some(lines);
    }

    pub(super) fn recording(&mut self, event: &mut Event, pairs: &Pairs<'_>) {
        event.r#type = "cdr";
        let mut cdr = Cdr::default();
        let mut data = None;
        self.each(event, pairs, |number, value| match (number, value) {
            (cdr_key::DURATION_MS, Value::Int(duration)) => put(&mut cdr.duration_ms, json_int(*duration)),
            (cdr_key::MIMETYPES, Value::Array(types)) => {
                let types = types.iter().map(|mime| match mime.untagged() {
                    Value::Text(mime) => lossy(mime),
                    other => to_json(other).to_string(),
                });
                put(&mut cdr.mimetypes, types.collect())
            }
            (cdr_key::REASON, Value::Text(reason)) => put(&mut cdr.reason, lossy(reason)),
            (cdr_key::DATA, Value::Bytes(bytes)) => put(&mut data, bytes.to_vec()),
            _ => false,
        });
        match data {
            None => self.error("a recording without data".to_owned()),
            Some(data) => {
                cdr.size = Some(data.len());
                cdr.sha256 = Some(crate::model::hex(&Sha256::digest(&data)));
                self.recordings.push((self.events.len(), data));
            }
        }
        event.cdr = Some(cdr);
    }
}

/// `#` and the number. Most events are heartbeats without names: making these anew would take a good part of their time.
fn numbered(index: usize) -> Cow<'static, str> {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| (0..256).map(|index| format!("#{index}")).collect());
    NAMES.get(index).map_or_else(|| format!("#{index}").into(), |name| name.as_str().into())
}

fn put_address(field: &mut Option<Address>, value: &Value<'_>) -> bool {
    match value {
        Value::Int(address) => match u64::try_from(*address) {
            Ok(address) => put(field, Address(address)),
            Err(_) => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn numbered_names() {
        for index in [0, 7, 10, 99, 100, 65_535] {
            assert_eq!(numbered(index), format!("#{index}"));
        }
    }
}
