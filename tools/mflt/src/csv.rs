//! One kind of data as comma-separated values, for a spreadsheet: a line of titles, then a row per line, event or metric.

use crate::filter::{Kind, ram_log};
use crate::printable::one_line;
use crate::render::{self, log_text};
use memfault_decode::model::{Binary, Cdr, Coredump, Event, LogLine, Message};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// Writes the line of titles.
pub fn titles(out: &mut String, kind: Kind) {
    out.push_str(match kind {
        Kind::Logs => "device,message,from,time,level,text,file,line\n",
        Kind::Events => {
            "device,message,time,type,reason,reason_id,status,log,pc,pc_source,lr,lr_source,software_type,\
             software_version,hardware_version,device_serial,build_id\n"
        }
        Kind::Metrics => "device,message,time,session,metric,value\n",
        Kind::Recordings => "device,message,time,reason,duration_ms,mimetypes,size,sha256,file\n",
        Kind::Coredumps => {
            "device,message,reason,reason_id,signature,truncated,machine,software_type,software_version,\
             hardware_version,device_serial,build_id,size,sha256,file\n"
        }
    });
}

/// Writes the rows of a message.
pub fn rows(out: &mut String, kind: Kind, message: &Message) {
    for event in message.events.iter().flatten() {
        match kind {
            Kind::Logs => {
                let from = if message.exported { "exported" } else { "log" };
                for line in event.logs.iter().flatten() {
                    log_line(Row::new(out, message), from, line);
                }
            }
            Kind::Events => self::event(Row::new(out, message), event),
            Kind::Metrics => metrics(out, message, event),
            Kind::Recordings => {
                if let Some(cdr) = &event.cdr {
                    recording(Row::new(out, message), event, cdr);
                }
            }
            Kind::Coredumps => {}
        }
    }
    match (kind, &message.coredump) {
        (Kind::Coredumps, Some(dump)) => coredump(Row::new(out, message), dump, message.payload.as_ref()),
        (Kind::Logs, Some(_)) => {
            for line in ram_log(message) {
                log_line(Row::new(out, message), "coredump", line);
            }
        }
        _ => {}
    }
}

fn log_line(mut row: Row<'_>, from: &str, line: &LogLine) {
    row.text(from).option(&line.time).option(&line.level).text(&log_text(line)).option(&line.file);
    row.number(line.line).end();
}

fn event(mut row: Row<'_>, event: &Event) {
    row.option(&event.captured_at).text(event.r#type);
    let (trace, reboot) = (event.trace.as_ref(), event.reboot.as_ref());
    let reason = trace.and_then(|trace| trace.reason.as_ref());
    let reason_id = trace.and_then(|trace| trace.reason_id.as_ref());
    row.option(&reason.or(reboot.and_then(|reboot| reboot.reason.as_ref())));
    row.json(reason_id.or(reboot.and_then(|reboot| reboot.reason_id.as_ref())));
    row.json(trace.and_then(|trace| trace.status.as_ref()));
    row.option(&trace.and_then(|trace| trace.log.as_ref()));
    let places = match (trace, reboot) {
        (Some(trace), _) => Some([(trace.pc, &trace.pc_source), (trace.lr, &trace.lr_source)]),
        (None, Some(reboot)) => Some([(reboot.pc, &reboot.pc_source), (reboot.lr, &reboot.lr_source)]),
        (None, None) => None,
    };
    for (address, source) in places.unwrap_or([(None, &None), (None, &None)]) {
        row.number(address).option(source);
    }
    row.option(&event.software_type).option(&event.software_version).option(&event.hardware_version);
    row.option(&event.device_serial).option(&event.build_id).end();
}

fn metrics(out: &mut String, message: &Message, event: &Event) {
    let Some(heartbeat) = &event.heartbeat else { return };
    for (name, value) in &heartbeat.metrics.0 {
        let mut row = Row::new(out, message);
        row.option(&event.captured_at).text(&render::session_name(heartbeat)).text(name);
        row.json(Some(value)).end();
    }
}

fn recording(mut row: Row<'_>, event: &Event, cdr: &Cdr) {
    row.option(&event.captured_at).option(&cdr.reason).json(cdr.duration_ms.as_ref());
    row.text(&cdr.mimetypes.as_deref().unwrap_or_default().join(" "));
    row.number(cdr.size).option(&cdr.sha256).option(&cdr.file).end();
}

fn coredump(mut row: Row<'_>, dump: &Coredump, payload: Option<&Binary>) {
    row.option(&dump.reason).number(dump.reason_id);
    row.option(&dump.more.as_ref().and_then(|more| more.signature.as_ref()));
    row.number(dump.truncated).text(dump.machine.unwrap_or_default());
    row.option(&dump.software_type).option(&dump.software_version).option(&dump.hardware_version);
    row.option(&dump.device_serial).option(&dump.build_id).number(payload.map(|payload| payload.size));
    row.option(&payload.map(|payload| &payload.sha256)).option(&payload.and_then(|payload| payload.file.as_ref()));
    row.end();
}

/// A row that is being written.
struct Row<'o> {
    out: &'o mut String,
    is_first: bool,
}

impl<'o> Row<'o> {
    /// Begins with the message that the row is of.
    fn new(out: &'o mut String, message: &Message) -> Self {
        let mut row = Self { out, is_first: true };
        row.text(&message.device).number(Some(message.message));
        row
    }

    fn text(&mut self, text: &str) -> &mut Self {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(',');
        }
        cell(self.out, text);
        self
    }

    /// An absent value is an empty cell.
    fn option<S: AsRef<str>>(&mut self, text: &Option<S>) -> &mut Self {
        self.text(text.as_ref().map(AsRef::as_ref).unwrap_or_default())
    }

    fn number(&mut self, value: Option<impl ToString>) -> &mut Self {
        self.option(&value.map(|value| value.to_string()))
    }

    fn json(&mut self, value: Option<&Json>) -> &mut Self {
        self.option(&value.filter(|value| !value.is_null()).map(render::value))
    }

    fn end(&mut self) {
        self.out.push('\n');
    }
}

/// Spreadsheets run text that begins like a formula, so it gets an apostrophe, which they hide (spec 80 §12).
fn cell(out: &mut String, text: &str) {
    let text = one_line(text);
    let is_formula = text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err();
    let mark = if is_formula { "'" } else { "" };
    let _ = match text.contains(['"', ',', ';']) {
        true => write!(out, "\"{mark}{}\"", text.replace('"', "\"\"")),
        false => write!(out, "{mark}{text}"),
    };
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_neither_break_the_row_nor_run() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "two lines"),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("-3.7", "-3.7"),
            ("-3+cmd", "'-3+cmd"),
            ("@SUM(1)", "'@SUM(1)"),
        ] {
            let mut out = String::new();
            cell(&mut out, text);
            assert_eq!(out, expected);
        }
    }
}
