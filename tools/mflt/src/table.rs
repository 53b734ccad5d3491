//! Messages as tables, for people: a row per metric, field or log line, in aligned columns.

use crate::grid::{Grid, Side};
use crate::printable::one_line;
use crate::render;
use memfault_decode::model::{Cdr, Event, Heartbeat, LogLine, Message, MetricInfo, MetricType, Reboot, Trace};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// Most sessions whose last values are kept: a hostile input could name any number.
const MAX_SESSIONS: usize = 1024;

/// Device and session.
type SessionKey = (Arc<str>, String);
/// Name and text of each metric.
type Values = Vec<(String, String)>;

/// Writes tables. Remembers the last values of each session, to show them beside the next ones.
#[derive(Debug, Default)]
pub struct Tables {
    last: HashMap<SessionKey, Values>,
    messages: u64,
}

impl Tables {
    /// Writes a message to `out`. `colour`: emphasise with terminal sequences.
    pub fn message(&mut self, out: &mut String, message: &Message, colour: bool) {
        if self.messages > 0 {
            out.push('\n');
        }
        self.messages += 1;
        let identity = render::head(out, message, colour);
        for event in message.events.iter().flatten() {
            let identity = render::other_identity(event, &identity);
            let grid = match event {
                Event { heartbeat: Some(heartbeat), .. } => self.metrics(&message.device, heartbeat),
                Event { trace: Some(trace), .. } => self::trace(trace),
                Event { reboot: Some(reboot), .. } => self::reboot(reboot),
                Event { logs: Some(logs), .. } => self::logs(logs),
                Event { cdr: Some(cdr), .. } => self::recording(cdr),
                _ => {
                    render::event(out, event, &identity, 4);
                    continue;
                }
            };
            title(out, event, &identity);
            grid.write(out, 4, colour);
        }
    }

    fn metrics(&mut self, device: &Arc<str>, heartbeat: &Heartbeat) -> Grid {
        let mut grid = Grid::new(&[
            ("METRIC", Side::Left),
            ("VALUE", Side::Right),
            ("", Side::Left),
            ("BEFORE", Side::Right),
            ("RANGE", Side::Left),
            ("NOTE", Side::Left),
        ]);
        let key = (device.clone(), render::session_name(heartbeat));
        let before = self.last.get(&key).map_or(&[][..], Vec::as_slice);
        let mut now = Vec::new();
        for (index, (name, value)) in heartbeat.metrics.0.iter().enumerate() {
            let info = heartbeat.infos.get(index);
            let sent = heartbeat.values.as_ref().and_then(|values| values.get(index));
            let text = shown(value, info);
            // Positions and names are the same unless the firmware was updated in between.
            let before = before.get(index).filter(|(known, _)| known == name).map_or("", |(_, text)| text);
            let is_timer = info.is_some_and(|info| info.kind == MetricType::Timer) && !value.is_null();
            let unit = if is_timer { "ms" } else { "" };
            let range = info.map_or_else(String::new, range);
            grid.row([name, &*text, unit, before, &*range, &*note(value, sent, info)]);
            now.push((name.clone().into_owned(), text));
        }
        if self.last.len() < MAX_SESSIONS || self.last.contains_key(&key) {
            self.last.insert(key, now);
        }
        grid
    }
}

/// The line over the table of an event.
fn title(out: &mut String, event: &Event, identity: &str) {
    let mut line = match &event.heartbeat {
        Some(heartbeat) if event.r#type == "session" || heartbeat.session.is_none() => {
            format!("session {}", render::session_name(heartbeat))
        }
        _ => event.r#type.to_owned(),
    };
    let _ = write!(line, "  {}", event.captured_at.as_deref().unwrap_or("time not known"));
    if event.heartbeat.as_ref().is_some_and(|heartbeat| heartbeat.resolved == "mismatch") {
        line.push_str("  (the firmware does not fit: values without names)");
    }
    if !identity.is_empty() {
        let _ = write!(line, "  [{identity}]");
    }
    if !event.unknown.is_empty() {
        let _ = write!(line, "  unknown: {}", Json::from(event.unknown.clone()));
    }
    if event.malformed {
        line.push_str("  (damaged: this is what could be read)");
    }
    let _ = writeln!(out, "  {}", one_line(&line));
}

/// A value with as many decimals as its scale gives.
fn shown(value: &Json, info: Option<&MetricInfo>) -> String {
    match (info.and_then(MetricInfo::divisor), value.as_f64()) {
        (Some(divisor), Some(number)) if 10u32.pow(divisor.ilog10()) == divisor => {
            format!("{number:.*}", divisor.ilog10() as usize)
        }
        _ => render::value(value),
    }
}

pub fn range(info: &MetricInfo) -> String {
    match (info.range, info.max_length) {
        (Some((low, high)), _) => format!("{low} to {high}"),
        (None, Some(most)) => format!("up to {most} bytes"),
        (None, None) => String::new(),
    }
}

fn note(value: &Json, sent: Option<&Json>, info: Option<&MetricInfo>) -> String {
    let (Some(info), Some(sent)) = (info, sent.and_then(Json::as_i64)) else { return String::new() };
    let mut notes = Vec::new();
    if info.kind == MetricType::Timer && sent >= 1000 {
        notes.push(duration(sent));
    }
    if info.divisor().is_some() && !value.is_null() {
        notes.push(format!("{sent} / {}", info.scale));
    }
    if info.range.is_some_and(|(low, high)| !(low..=high).contains(&sent)) {
        notes.push("out of range".to_owned());
    }
    notes.join(", ")
}

/// `1 h 0 min`, `59 min 59 s`, `1.250 s`.
fn duration(ms: i64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match () {
        () if days > 0 => format!("{days} d {} h", hours % 24),
        () if hours > 0 => format!("{hours} h {} min", minutes % 60),
        () if minutes > 0 => format!("{minutes} min {} s", seconds % 60),
        () => format!("{seconds}.{ms:03} s"),
    }
}

/// A grid of a field per line.
fn fields(fields: impl IntoIterator<Item = (&'static str, String)>) -> Grid {
    let mut grid = Grid::new(&[("", Side::Left), ("", Side::Left)]);
    for (name, value) in fields {
        grid.row([name, &*value]);
    }
    grid
}

fn trace(trace: &Trace) -> Grid {
    let reason = match (&trace.reason, &trace.reason_id) {
        (Some(name), Some(id)) => Some(format!("{name} ({})", render::value(id))),
        (name, id) => name.clone().or(id.as_ref().map(render::value)),
    };
    let status = trace.status.as_ref().map(render::value);
    let known = [("reason", reason), ("status", status), ("log", trace.log.clone())];
    let places = render::places((trace.pc, &trace.pc_source), (trace.lr, &trace.lr_source));
    fields(known.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(places))
}

fn reboot(reboot: &Reboot) -> Grid {
    let id = reboot.reason_id.as_ref().and_then(Json::as_u64).and_then(|id| u32::try_from(id).ok());
    let reason = match id {
        Some(id) => Some(render::reboot_reason(reboot.reason.as_deref(), id)),
        None => reboot.reason_id.as_ref().map(render::value),
    };
    let places = render::places((reboot.pc, &reboot.pc_source), (reboot.lr, &reboot.lr_source));
    let register = reboot.reset_reason_register.map(|register| ("reset register", register.to_string()));
    let saved = reboot.coredump_saved.map(|saved| ("coredump", if saved { "saved" } else { "not saved" }.to_owned()));
    fields(reason.map(|reason| ("reason", reason)).into_iter().chain(places).chain(register).chain(saved))
}

fn recording(cdr: &Cdr) -> Grid {
    let duration = cdr.duration_ms.as_ref().map(|duration| match duration.as_i64() {
        Some(ms) if ms >= 1000 => format!("{ms} ms ({})", self::duration(ms)),
        _ => format!("{} ms", render::value(duration)),
    });
    let known = [
        ("reason", cdr.reason.clone()),
        ("duration", duration),
        ("types", cdr.mimetypes.as_ref().map(|types| types.join(", "))),
        ("size", cdr.size.map(|size| format!("{size} bytes"))),
        ("SHA-256", cdr.sha256.clone()),
        ("file", Some(cdr.file.clone().unwrap_or_else(|| "not written; --out DIR writes it".to_owned()))),
    ];
    fields(known.into_iter().filter_map(|(name, value)| Some((name, value?))))
}

fn logs(logs: &[LogLine]) -> Grid {
    let mut grid =
        Grid::new(&[("TIME", Side::Left), ("LEVEL", Side::Left), ("TEXT", Side::Left), ("SOURCE", Side::Left)]);
    for log in logs {
        grid.row([
            log.time.as_deref().unwrap_or_default(),
            log.level.as_deref().unwrap_or("?"),
            &render::log_text(log),
            &render::log_source(log).unwrap_or_default(),
        ]);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SCALED: MetricInfo = MetricInfo { kind: MetricType::Signed, range: None, max_length: None, scale: 10 };

    #[test]
    fn values_have_the_decimals_of_their_scale() {
        assert_eq!(shown(&json!(-3.7), Some(&SCALED)), "-3.7");
        assert_eq!(shown(&json!(3), Some(&SCALED)), "3.0");
        assert_eq!(shown(&json!(2.5), Some(&MetricInfo { scale: 4, ..SCALED })), "2.5");
        assert_eq!(shown(&json!(null), Some(&SCALED)), "-");
        assert_eq!(shown(&json!("eco"), None), "eco");
    }

    #[test]
    fn notes_say_what_a_number_means() {
        let ranged = MetricInfo { range: Some((-20, 90)), scale: 1, ..SCALED };
        let timer = MetricInfo { kind: MetricType::Timer, scale: 1, ..SCALED };
        let note = |sent: i64, info| note(&json!(sent), Some(&json!(sent)), Some(&info));
        assert_eq!(note(91, ranged), "out of range");
        assert_eq!(note(-20, ranged), "");
        assert_eq!(note(-37, SCALED), "-37 / 10");
        assert_eq!(note(999, timer), "");
        assert_eq!(note(3_599_999, timer), "59 min 59 s");
        assert_eq!(duration(1250), "1.250 s");
        assert_eq!(duration(3_600_000), "1 h 0 min");
        assert_eq!(duration(90_000_000), "1 d 1 h");
    }
}
