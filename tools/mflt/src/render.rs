//! Messages as text: a line that says what it is, and a line per event or log record.

use crate::device_state;
use crate::printable::one_line;
use memfault_decode::model::{Address, Cdr, Coredump, Event, Heartbeat, LogLine, Message, Reboot, Trace};
use memfault_decode::reasons;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Writes a message to `out`. `colour`: emphasise with terminal sequences.
pub fn message(out: &mut String, message: &Message, colour: bool) {
    let identity = head(out, message, colour);
    for event in message.events.iter().flatten() {
        self::event(out, event, &other_identity(event, &identity), 4);
    }
}

/// Writes everything about a message but its events. Gives the identity of the firmware in it.
pub fn head(out: &mut String, message: &Message, colour: bool) -> String {
    let (bold, off) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let events = message.events.as_deref().unwrap_or_default();
    let identity = match (&message.coredump, events.first()) {
        (Some(dump), _) => dump_identity(dump),
        (None, Some(event)) => event_identity(event),
        (None, None) => String::new(),
    };
    let chunks = match message.chunks {
        [0, _] if message.exported => "exported as text".to_owned(),
        [0, _] => "a file".to_owned(),
        [first, last] if first == last => format!("chunk {first}"),
        [first, last] => format!("chunks {first}-{last}"),
    };
    let _ = write!(out, "{bold}#{} {}{off}  {}", message.message, message.r#type, one_line(&message.device));
    if !identity.is_empty() {
        let _ = write!(out, "  {}", one_line(&identity));
    }
    let _ = write!(out, "  ({} bytes, {chunks}", message.size);
    if message.rle {
        out.push_str(", RLE");
    }
    if let Some(number) = message.duplicate_of {
        let _ = write!(out, ", same bytes as #{number}");
    }
    out.push_str(")\n");
    if let Some(dump) = &message.coredump {
        coredump(out, dump);
    }
    if let Some(payload) = &message.payload {
        let _ = write!(out, "    file of {} bytes, SHA-256 {}", payload.size, payload.sha256);
        match &payload.file {
            Some(file) => drop(writeln!(out, ", written to {}", one_line(file))),
            None => out.push_str("; --out DIR writes it\n"),
        }
    }
    identity
}

/// The identity of an event, if it is not that of its message.
pub fn other_identity(event: &Event, identity: &str) -> String {
    Some(event_identity(event)).filter(|own| own != identity).unwrap_or_default()
}

pub fn event_identity(event: &Event) -> String {
    identity(
        [&event.software_type, &event.software_version, &event.hardware_version, &event.device_serial],
        &event.build_id,
    )
}

fn dump_identity(dump: &Coredump) -> String {
    identity([&dump.software_type, &dump.software_version, &dump.hardware_version, &dump.device_serial], &dump.build_id)
}

fn identity([software, version, hardware, serial]: [&Option<String>; 4], build_id: &Option<String>) -> String {
    let mut out: Vec<String> = [software, version].into_iter().flatten().cloned().collect();
    out.extend(hardware.as_ref().map(|hardware| format!("on {hardware}")));
    out.extend(serial.as_ref().map(|serial| format!("serial {serial}")));
    // The first 12 digits are what events carry.
    out.extend(build_id.as_ref().map(|id| format!("build {}", id.get(..12).unwrap_or(id))));
    out.join(" ")
}

fn coredump(out: &mut String, dump: &Coredump) {
    let reason = match dump.reason_id {
        Some(id) => reboot_reason(dump.reason.as_deref(), id),
        None => "reason not known".to_owned(),
    };
    let memory: u64 = dump.regions.iter().map(|region| u64::from(region.size)).sum();
    let _ = write!(out, "    {reason}; {}", dump.machine.unwrap_or("machine not known"));
    let _ = write!(out, "; {} bytes of memory in {} regions", memory, dump.regions.len());
    if dump.truncated == Some(true) {
        out.push_str("; truncated: not everything fitted into the device's storage");
    }
    out.push('\n');
    if !dump.faults.is_empty() {
        let _ = writeln!(out, "    faults: {}", dump.faults.join(" "));
    }
    if let Some(more) = &dump.more {
        if let Some(signature) = &more.signature {
            let _ = writeln!(out, "    {}", one_line(signature));
        }
        let mut state = String::new();
        device_state::write(&mut state, &more.state);
        for line in state.lines() {
            let _ = writeln!(out, "    {line}");
        }
    }
    for warning in &dump.warnings {
        let _ = writeln!(out, "    warning: {}", one_line(warning));
    }
}

pub fn reboot_reason(name: Option<&str>, id: u32) -> String {
    let class = if reasons::is_unexpected(id) { "unexpected" } else { "expected" };
    match name {
        Some(name) => format!("{name} (0x{id:04x}, {class})"),
        None if reasons::is_custom(id) => format!("custom reason 0x{id:04x} ({class})"),
        None => format!("reason 0x{id:04x} ({class})"),
    }
}

/// Writes an event on one line behind `indent` blanks, and its log lines.
pub fn event(out: &mut String, event: &Event, identity: &str, indent: usize) {
    let time = event.captured_at.as_deref().unwrap_or("time not known");
    let mut line = format!("{:indent$}{time:<20}  ", "");
    let what = match event {
        Event { heartbeat: Some(heartbeat), .. } => metrics(event.r#type, heartbeat),
        Event { trace: Some(trace), .. } => self::trace(trace),
        Event { reboot: Some(reboot), .. } => self::reboot(reboot),
        Event { logs: Some(logs), .. } => {
            format!("logs  {} record{}", logs.len(), if logs.len() == 1 { "" } else { "s" })
        }
        Event { cdr: Some(cdr), .. } => recording(cdr),
        _ => match &event.type_id {
            Some(id) => format!("event of type {id}"),
            None => "event without type".to_owned(),
        },
    };
    line.push_str(&what);
    if !identity.is_empty() {
        let _ = write!(line, "  [{identity}]");
    }
    if !event.unknown.is_empty() {
        let _ = write!(line, "  unknown: {}", Json::from(event.unknown.clone()));
    }
    if event.malformed {
        line.push_str("  (damaged: this is what could be read)");
    }
    let _ = writeln!(out, "{}", one_line(&line));
    for log in event.logs.iter().flatten() {
        log_line(out, log, indent + 2, false);
    }
}

/// Name of the session of metrics, or its number.
pub fn session_name(heartbeat: &Heartbeat) -> String {
    match (&heartbeat.session, &heartbeat.session_index) {
        (Some(name), _) => name.clone(),
        (None, Some(index)) => value(index),
        (None, None) => "?".to_owned(),
    }
}

/// A value as a person writes it: text without quotes, `-` for an unset one.
pub fn value(value: &Json) -> String {
    match value {
        Json::Null => "-".to_owned(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn metrics(kind: &str, heartbeat: &Heartbeat) -> String {
    let mut out = kind.to_owned();
    match (&heartbeat.session, &heartbeat.session_index) {
        (Some(session), _) if session != kind => drop(write!(out, " {session}")),
        (None, Some(index)) => drop(write!(out, "  session {index}")),
        _ => {}
    }
    out.push(' ');
    for (name, metric) in &heartbeat.metrics.0 {
        let _ = write!(out, " {name}={}", value(metric));
    }
    out
}

/// Where something happened, in the order of its fields: their names and texts. A compact log gives a source without an address.
pub fn places(
    (pc, pc_source): (Option<Address>, &Option<String>),
    (lr, lr_source): (Option<Address>, &Option<String>),
) -> impl Iterator<Item = (&'static str, String)> {
    let text = |name, address: Option<Address>, source: &Option<String>| match (address, source) {
        (Some(address), Some(source)) => Some((name, format!("{address} ({source})"))),
        (Some(address), None) => Some((name, address.to_string())),
        (None, Some(source)) => Some(("at", source.clone())),
        (None, None) => None,
    };
    [text("pc", pc, pc_source), text("lr", lr, lr_source)].into_iter().flatten()
}

fn addresses(out: &mut String, places: impl Iterator<Item = (&'static str, String)>) {
    for (name, place) in places {
        let _ = write!(out, "  {name} {place}");
    }
}

fn trace(trace: &Trace) -> String {
    let mut out = match (&trace.reason, &trace.reason_id) {
        (Some(reason), _) => format!("trace  {reason}"),
        (None, Some(id)) => format!("trace  reason {id}"),
        (None, None) => "trace  reason not known".to_owned(),
    };
    if let Some(status) = &trace.status {
        let _ = write!(out, "  status {}", value(status));
    }
    if let Some(log) = &trace.log {
        let _ = write!(out, "  \"{log}\"");
    }
    addresses(&mut out, places((trace.pc, &trace.pc_source), (trace.lr, &trace.lr_source)));
    out
}

fn reboot(reboot: &Reboot) -> String {
    let id = reboot.reason_id.as_ref().and_then(Json::as_u64).and_then(|id| u32::try_from(id).ok());
    let mut out = match (id, &reboot.reason_id) {
        (Some(id), _) => format!("reboot  {}", reboot_reason(reboot.reason.as_deref(), id)),
        (None, Some(id)) => format!("reboot  reason {}", value(id)),
        (None, None) => "reboot  reason not known".to_owned(),
    };
    addresses(&mut out, places((reboot.pc, &reboot.pc_source), (reboot.lr, &reboot.lr_source)));
    if let Some(register) = reboot.reset_reason_register {
        let _ = write!(out, "  reset register {register}");
    }
    if reboot.coredump_saved == Some(true) {
        out.push_str("  coredump saved");
    }
    out
}

fn recording(cdr: &Cdr) -> String {
    let mut out = format!("recording  {} bytes", cdr.size.unwrap_or_default());
    if let Some(reason) = cdr.reason.as_ref().filter(|reason| !reason.is_empty()) {
        let _ = write!(out, "  \"{reason}\"");
    }
    for mime in cdr.mimetypes.iter().flatten() {
        let _ = write!(out, "  {mime}");
    }
    if let Some(duration) = &cdr.duration_ms {
        let _ = write!(out, "  {} ms", value(duration));
    }
    match &cdr.file {
        Some(file) => drop(write!(out, "  written to {file}")),
        None => out.push_str("; --out DIR writes it"),
    }
    out
}

/// Writes a log line behind `indent` blanks.
pub fn log_line(out: &mut String, log: &LogLine, indent: usize, colour: bool) {
    let time = log.time.as_deref().unwrap_or("-");
    let level = log.level.as_deref().unwrap_or("?");
    let (on, off) = match level {
        "error" if colour => ("\x1b[31m", "\x1b[0m"),
        "warning" if colour => ("\x1b[33m", "\x1b[0m"),
        _ => ("", ""),
    };
    let _ = write!(out, "{:indent$}{time:<20}  {on}{level:<7}{off}  {}", "", one_line(&log_text(log)));
    if let Some(source) = log_source(log) {
        let _ = write!(out, "  ({})", one_line(&source));
    }
    out.push('\n');
}

/// The text of a log line, and whether it is all of it.
pub fn log_text(log: &LogLine) -> Cow<'_, str> {
    let text = log.text.as_deref().unwrap_or("(no text)");
    if log.damaged { Cow::Owned(format!("{text}  (damaged)")) } else { Cow::Borrowed(text) }
}

/// Where a log line is in the source, if it is known.
pub fn log_source(log: &LogLine) -> Option<String> {
    let file = log.file.as_ref()?;
    Some(log.line.map_or_else(|| file.clone(), |line| format!("{file}:{line}")))
}
