//! The metrics of a firmware: names from two enumerations, everything else from the key table (spec 40 §4.4).
//!
//! | Offset | Size | Field of an entry (24 bytes on every target) |
//! |---|---|---|
//! | 0 | 4 | index of the metric, equal to the number of the entry |
//! | 4 | 1 | type: 0 unsigned, 1 signed, 2 timer, 3 string |
//! | 8 | 4 | smallest value |
//! | 12 | 4 | largest minus smallest value, 0 without a range; for a string its longest length |
//! | 16 | 1 | index of the session |
//! | 20 | 4 | scale: the value is what was sent divided by it |
//!
//! An event carries the values of one session in ascending order of their metrics, so names follow from positions.

use super::dwarf::Kind;
use crate::model::{MetricInfo, MetricType, json_int};
use serde_json::{Number, Value as Json};
use std::borrow::Cow;
use std::collections::HashMap;

/// Size of an entry of the key table.
pub const ENTRY_LEN: usize = 24;
const COUNT: &str = "kMfltMetricsIndexV2_COUNT";
const SESSION_COUNT: &str = "COUNT";
/// The session that every firmware has.
pub const HEARTBEAT: &str = "heartbeat";

/// A metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its key, without the session.
    pub name: String,
    /// Index of its session.
    pub session: usize,
    /// Type, range, scale.
    pub info: MetricInfo,
}

/// A session, or the heartbeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its key.
    pub name: String,
    /// Its metrics, ascending: the order of the values in its events.
    pub metrics: Vec<usize>,
}

/// All metrics of a firmware.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetricTable {
    /// By metric index.
    pub metrics: Vec<Metric>,
    /// By session index; the heartbeat is the last.
    pub sessions: Vec<Session>,
}

/// The value array of an event with names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Name of the session.
    pub session: String,
    /// Name and scaled value.
    pub metrics: Vec<(Cow<'static, str>, Json)>,
    /// The same metrics.
    pub infos: Vec<MetricInfo>,
}

/// Number of metrics and bytes of the key table, from the enumeration.
pub fn table_len(metrics: &[(String, u64)]) -> Option<usize> {
    let (_, count) = metrics.iter().find(|(name, _)| name == COUNT)?;
    usize::try_from(*count).ok()?.checked_mul(ENTRY_LEN)
}

impl MetricTable {
    /// Puts enumerations and key table together. An error says where they contradict each other: then nothing can be believed.
    pub fn new(metrics: &[(String, u64)], sessions: &[(String, u64)], table: &[u8]) -> Result<Self, String> {
        let mut out = Self { metrics: Vec::new(), sessions: session_list(sessions)? };
        let (entries, rest) = table.as_chunks::<ENTRY_LEN>();
        if !rest.is_empty() {
            return Err(format!("the key table of the metrics has {} bytes, no multiple of {ENTRY_LEN}", table.len()));
        }
        let names: HashMap<u64, &str> =
            metrics.iter().rev().filter(|(name, _)| name != COUNT).map(|(name, index)| (*index, &**name)).collect();
        if names.len() != entries.len() {
            return Err(format!("{} metrics have names, the key table has {}", names.len(), entries.len()));
        }
        for (index, entry) in entries.iter().enumerate() {
            let metric = names.get(&(index as u64)).ok_or("is unknown".to_owned());
            let metric = metric.and_then(|name| metric_of(index, entry, name, &out.sessions));
            let metric = metric.map_err(|problem| format!("metric {index} of the key table {problem}"))?;
            if let Some(session) = out.sessions.get_mut(metric.session) {
                session.metrics.push(index);
            }
            out.metrics.push(metric);
        }
        Ok(out)
    }

    /// Names the values of an event. `session`: its index on the wire; SDKs from before sessions send none. An error says why the
    /// event cannot be of this firmware.
    pub fn name(&self, session: Option<u64>, values: &[Json]) -> Result<Named, String> {
        let session = match session {
            Some(index) => usize::try_from(index).ok().and_then(|index| self.sessions.get(index)),
            None => self.sessions.iter().find(|session| session.name == HEARTBEAT),
        };
        let Some(session) = session else {
            return Err(format!("it has {} sessions", self.sessions.len()));
        };
        if session.metrics.len() != values.len() {
            return Err(format!("its session {} has {} metrics", session.name, session.metrics.len()));
        }
        let mut named = Named { session: session.name.clone(), metrics: Vec::new(), infos: Vec::new() };
        for (metric, value) in session.metrics.iter().filter_map(|&index| self.metrics.get(index)).zip(values) {
            if !metric.info.takes(value) {
                return Err(format!("its {} in session {} is {}", metric.name, session.name, metric.info.kind.text()));
            }
            named.metrics.push((Cow::Owned(metric.name.clone()), metric.info.scaled(value)));
            named.infos.push(metric.info);
        }
        Ok(named)
    }
}

fn session_list(enumerators: &[(String, u64)]) -> Result<Vec<Session>, String> {
    let mut list: Vec<(u64, &str)> = enumerators
        .iter()
        .filter_map(|(name, index)| Some((*index, name.strip_prefix(Kind::Sessions.prefix())?)))
        .filter(|(_, name)| *name != SESSION_COUNT)
        .collect();
    list.sort_unstable();
    if list.is_empty() || list.iter().zip(0..).any(|((index, _), expected)| *index != expected) {
        return Err(format!("the sessions in {} are not numbered from 0", Kind::Sessions.tag()));
    }
    Ok(list.into_iter().map(|(_, name)| Session { name: name.to_owned(), metrics: Vec::new() }).collect())
}

fn metric_of(index: usize, entry: &[u8; ENTRY_LEN], name: &str, sessions: &[Session]) -> Result<Metric, String> {
    let word = |at: usize| entry.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes));
    if word(0) as usize != index {
        return Err(format!("has the index {}", word(0)));
    }
    let kind = match entry[4] {
        0 => MetricType::Unsigned,
        1 => MetricType::Signed,
        2 => MetricType::Timer,
        3 => MetricType::String,
        other => return Err(format!("has the type {other}")),
    };
    let session = usize::from(entry[16]);
    let session_name = &sessions.get(session).ok_or_else(|| format!("is of session {session}"))?.name;
    // Both parts of an enumerator may hold "__", so it can only be split with the session's name in hand.
    let key = name.strip_prefix(Kind::Metrics.prefix()).and_then(|rest| rest.strip_prefix(&**session_name));
    let key = key.and_then(|rest| rest.strip_prefix("__"));
    let key = key.ok_or_else(|| format!("is {name}, but of session {session_name}"))?;
    let (min, range) = (word(8), word(12));
    let low = if kind == MetricType::Signed { i64::from(min.cast_signed()) } else { i64::from(min) };
    let info = MetricInfo {
        kind,
        range: (range != 0 && kind != MetricType::String).then_some((low, low + i64::from(range))),
        max_length: (kind == MetricType::String).then_some(range),
        scale: word(20),
    };
    Ok(Metric { name: key.to_owned(), session, info })
}

impl MetricInfo {
    /// Whether a device can send this for such a metric.
    fn takes(&self, value: &Json) -> bool {
        let within = |low: i64, high: i64| value.as_i64().is_none_or(|value| (low..=high).contains(&value));
        match (self.kind, value) {
            (_, Json::Null) | (MetricType::String, Json::String(_)) => true,
            (MetricType::Signed, Json::Number(_)) => within(i32::MIN.into(), i32::MAX.into()),
            (MetricType::Unsigned | MetricType::Timer, Json::Number(_)) => within(0, u32::MAX.into()),
            _ => false,
        }
    }

    /// The scale if it changes anything. The SDK accepts 0, which cannot be meant.
    pub fn divisor(&self) -> Option<u32> {
        Some(self.scale).filter(|&scale| scale > 1 && self.is_scalable())
    }

    fn is_scalable(&self) -> bool {
        matches!(self.kind, MetricType::Unsigned | MetricType::Signed)
    }

    fn scaled(&self, value: &Json) -> Json {
        let (Some(divisor), Some(sent)) = (self.divisor(), value.as_f64()) else { return value.clone() };
        let scaled = sent / f64::from(divisor);
        // Whole numbers stay whole: 30 with scale 10 is 3.
        if scaled.fract() == 0.0 && value.is_i64() | value.is_u64() {
            return json_int(scaled as i128);
        }
        Number::from_f64(scaled).map_or_else(|| value.clone(), Json::Number)
    }
}
