//! Names of one firmware put into an event.

use crate::firmware::Firmware;
use crate::firmware::lines::Role;
use crate::firmware::metrics::HEARTBEAT;
use crate::logs::Record;
use crate::model::{Address, Event, Heartbeat, LogLine, Metrics, Reboot, Trace};
use serde_json::Value as Json;

/// Rewrites an event. What cannot be of this firmware stays as it is and is described in `misfits`.
pub fn event(event: &mut Event, firmware: &Firmware, misfits: &mut Vec<String>) {
    if let Some(heartbeat) = &mut event.heartbeat {
        self::heartbeat(heartbeat, firmware, misfits);
        if heartbeat.session.as_ref().is_some_and(|session| session != HEARTBEAT) {
            event.r#type = "session";
        }
    }
    if let Some(trace) = &mut event.trace {
        self::trace(trace, firmware, misfits);
    }
    if let Some(reboot) = &mut event.reboot {
        self::reboot(reboot, firmware);
    }
    for line in event.logs.iter_mut().flatten() {
        log_line(line, firmware, misfits);
    }
}

fn heartbeat(heartbeat: &mut Heartbeat, firmware: &Firmware, misfits: &mut Vec<String>) {
    // Without values the message carries its own names.
    let Some(values) = &heartbeat.values else { return };
    let session = heartbeat.session_index.as_ref();
    let named = match (&firmware.metrics, session.map(Json::as_u64)) {
        (None, _) => Err("it has no table of metrics".to_owned()),
        (Some(_), Some(None)) => Err("no firmware has such a session".to_owned()),
        (Some(table), Some(index)) => table.name(index, values),
        (Some(table), None) => table.name(None, values),
    };
    match named {
        Ok(named) => {
            heartbeat.resolved = "elf";
            heartbeat.session = Some(named.session);
            heartbeat.metrics = Metrics(named.metrics);
            heartbeat.infos = named.infos;
        }
        Err(problem) => {
            heartbeat.resolved = "mismatch";
            let session = session.map_or_else(|| HEARTBEAT.to_owned(), |index| index.to_string());
            misfits.push(format!("{problem}; the event has {} values of session {session}", values.len()));
        }
    }
}

fn trace(trace: &mut Trace, firmware: &Firmware, misfits: &mut Vec<String>) {
    if let Some(id) = small(trace.reason_id.as_ref()) {
        trace.reason = firmware.trace_reasons.get(&id).cloned();
        if trace.reason.is_none() && !firmware.trace_reasons.is_empty() {
            misfits.push(format!("it has no trace reason {id}"));
        }
    }
    trace.pc_source = source(firmware, trace.pc, Role::Instruction);
    trace.lr_source = source(firmware, trace.lr, Role::Return);
    match trace.compact_log.as_ref().and_then(|record| firmware.logs.as_ref().map(|logs| logs.render(record))) {
        Some(Ok(rendered)) => {
            trace.log = Some(rendered.text);
            // Compact logs carry no program counter; the format knows its place.
            trace.pc_source.get_or_insert(format!("{}:{}", rendered.file, rendered.line));
        }
        Some(Err(problem)) => misfits.push(problem),
        None => {}
    }
}

fn reboot(reboot: &mut Reboot, firmware: &Firmware) {
    if let Some(name) = small(reboot.reason_id.as_ref()).and_then(|id| firmware.reboot_reason(id)) {
        reboot.reason = Some(name.to_owned());
    }
    reboot.pc_source = source(firmware, reboot.pc, Role::Instruction);
    reboot.lr_source = source(firmware, reboot.lr, Role::Return);
}

fn log_line(line: &mut LogLine, firmware: &Firmware, misfits: &mut Vec<String>) {
    misfits.extend(compact_line(line, firmware).err());
}

/// Gives a line that came as a compact record its text.
pub fn compact_line(line: &mut LogLine, firmware: &Firmware) -> Result<(), String> {
    let (Some(raw), Some(logs)) = (&line.raw, &firmware.logs) else { return Ok(()) };
    let Some(record) = Record::parse(&raw.0) else { return Ok(()) };
    let rendered = match logs.render(&record) {
        // A value may be missing: that is no sign of another firmware.
        Err(_) if line.damaged => return Ok(()),
        rendered => rendered?,
    };
    line.text = Some(rendered.text);
    line.file = Some(rendered.file);
    line.line = Some(rendered.line);
    line.raw = None;
    Ok(())
}

fn small(value: Option<&Json>) -> Option<u32> {
    u32::try_from(value?.as_u64()?).ok()
}

fn source(firmware: &Firmware, address: Option<Address>, role: Role) -> Option<String> {
    firmware.source(address?.0, role)
}
