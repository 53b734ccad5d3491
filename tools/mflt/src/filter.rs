//! `mflt logs`, `events`, `metrics`, `cdr`, `coredumps`: a run of `mflt decode` that shows one kind of data (spec 80 §7.1).

use crate::cli::{FilterArgs, FilterFormat};
use crate::output::{Shape, Style};
use crate::printable::one_line;
use crate::table::Tables;
use crate::{csv, decode, render};
use memfault_decode::decoder::Part;
use memfault_decode::model::{Event, LogLine, Message};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Logs,
    Events,
    Metrics,
    Recordings,
    Coredumps,
}

pub fn run(kind: Kind, args: &FilterArgs, out: Option<&Path>) -> anyhow::Result<ExitCode> {
    let style = match args.format {
        FilterFormat::Text => Style::Text,
        FilterFormat::Csv => Style::Csv,
        FilterFormat::Json => Style::Json,
    };
    let only = Filter::new(kind, args.since.clone(), args.input.inputs.len() > 1);
    decode::run(&args.input, Shape { style, out, only: Some(only) })
}

/// A time from which on something is shown: the beginning of, or all of, a time as the records have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since(String);

impl FromStr for Since {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &[u8] = b"0000-00-00T00:00:00Z";
        const DATE_LEN: usize = 10;
        let fits = |(&given, &form): (&u8, &u8)| if form == b'0' { given.is_ascii_digit() } else { given == form };
        let is_time = matches!(text.len(), DATE_LEN | 20) && text.as_bytes().iter().zip(FORM).all(fits);
        is_time.then(|| Self(text.to_owned())).ok_or("a time looks like 2026-05-04 or 2026-05-04T09:10:11Z")
    }
}

impl Since {
    /// All times have the same form, so their order is that of their text.
    fn shows(&self, time: Option<&String>) -> bool {
        time.is_none_or(|time| **time >= *self.0)
    }
}

/// Keeps one kind of data, and writes it.
#[derive(Debug)]
pub struct Filter {
    kind: Kind,
    since: Option<Since>,
    /// There is more than one input, so a line has to tell whose lines follow.
    several: bool,
    /// What the last line of this kind said.
    heading: Option<String>,
    has_titles: bool,
    shown: u64,
}

impl Filter {
    fn new(kind: Kind, since: Option<Since>, several: bool) -> Self {
        Self { kind, since, several, heading: None, has_titles: false, shown: 0 }
    }

    /// Whether a part of a message is of this kind.
    pub fn wants(&self, message: &Message, part: Part) -> bool {
        match part {
            Part::Payload => self.kind == Kind::Coredumps && message.coredump.is_some(),
            Part::Recording(index) => {
                let event = message.events.as_ref().and_then(|events| events.get(index));
                self.kind == Kind::Recordings && event.is_some_and(|event| self.keeps(event))
            }
        }
    }

    /// Takes everything else out of a message; false if nothing stays.
    pub fn reduce(&mut self, message: &mut Message) -> bool {
        let is_shown = self.take_out(message);
        self.shown += u64::from(is_shown);
        is_shown
    }

    fn take_out(&self, message: &mut Message) -> bool {
        if self.kind == Kind::Logs
            && let Some(since) = &self.since
        {
            let events = message.events.iter_mut().flatten().filter_map(|event| event.logs.as_mut());
            for lines in events.chain(ram_log_mut(message.coredump.as_mut())) {
                lines.retain(|line| since.shows(line.time.as_ref()));
            }
        }
        if let Some(events) = &mut message.events {
            events.retain(|event| self.keeps(event));
        }
        let has_events = message.events.as_ref().is_some_and(|events| !events.is_empty());
        match self.kind {
            Kind::Coredumps => message.coredump.is_some(),
            Kind::Logs => has_events || !ram_log(message).is_empty(),
            Kind::Events | Kind::Metrics | Kind::Recordings => has_events,
        }
    }

    fn keeps(&self, event: &Event) -> bool {
        let is_of_kind = match self.kind {
            Kind::Logs => return event.logs.as_ref().is_some_and(|lines| !lines.is_empty()),
            Kind::Events => event.logs.is_none() && event.cdr.is_none(),
            Kind::Metrics => event.heartbeat.is_some(),
            Kind::Recordings => event.cdr.is_some(),
            Kind::Coredumps => false,
        };
        is_of_kind && self.since.as_ref().is_none_or(|since| since.shows(event.captured_at.as_ref()))
    }

    /// What there was not, if nothing was shown.
    pub fn missing(&self) -> Option<&'static str> {
        let name = match self.kind {
            Kind::Logs => "log lines",
            Kind::Events => "traces, reboots or heartbeats",
            Kind::Metrics => "heartbeats or sessions",
            Kind::Recordings => "recordings",
            Kind::Coredumps => "coredumps",
        };
        (self.shown == 0).then_some(name)
    }

    /// Writes what is left of a message as text.
    pub fn text(&mut self, out: &mut String, message: &Message, tables: &mut Tables, colour: bool) {
        match self.kind {
            Kind::Metrics | Kind::Recordings => tables.message(out, message, colour),
            Kind::Coredumps => render::message(out, message, colour),
            Kind::Logs => {
                if self.several || self.heading.is_some() {
                    self.heading(out, &message.device, colour);
                } else {
                    self.heading = Some(message.device.to_string());
                }
                for line in message.events.iter().flatten().flat_map(|event| event.logs.iter().flatten()) {
                    render::log_line(out, line, 0, colour);
                }
                let lines = ram_log(message);
                if !lines.is_empty() {
                    let of = format!("{}: in RAM at the crash, from coredump #{}", message.device, message.message);
                    self.heading(out, &of, colour);
                }
                for line in lines {
                    render::log_line(out, line, 0, colour);
                }
            }
            Kind::Events => {
                for event in message.events.iter().flatten() {
                    let of = format!("{}  {}", message.device, render::event_identity(event));
                    self.heading(out, of.trim_end(), colour);
                    render::event(out, event, "", 2);
                }
            }
        }
    }

    /// Says what the following lines are of, if that is something else than before.
    fn heading(&mut self, out: &mut String, text: &str, colour: bool) {
        if self.heading.as_deref() != Some(text) {
            let (bold, off) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
            let _ = writeln!(out, "{bold}-- {} --{off}", one_line(text));
            self.heading = Some(text.to_owned());
        }
    }

    /// Writes what is left of a message as rows; without a message the titles alone.
    pub fn csv(&mut self, out: &mut String, message: Option<&Message>) {
        if !self.has_titles {
            csv::titles(out, self.kind);
            self.has_titles = true;
        }
        if let Some(message) = message {
            csv::rows(out, self.kind, message);
        }
    }
}

/// The log that was in RAM at a crash.
pub fn ram_log(message: &Message) -> &[LogLine] {
    let more = message.coredump.as_ref().and_then(|dump| dump.more.as_ref());
    more.and_then(|more| more.state.logs.as_deref()).unwrap_or_default()
}

fn ram_log_mut(dump: Option<&mut memfault_decode::model::Coredump>) -> Option<&mut Vec<LogLine>> {
    dump?.more.as_mut()?.state.logs.as_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_or_a_second() {
        for (text, valid) in [
            ("2026-05-04", true),
            ("2026-05-04T09:10:11Z", true),
            ("2026-05-04T09:10:11", false),
            ("2026-5-4", false),
            ("yesterday!", false),
            ("", false),
        ] {
            assert_eq!(Since::from_str(text).is_ok(), valid, "{text}");
        }
        let day = Since::from_str("2026-05-04").unwrap();
        let shows = |time: &str| day.shows(Some(&time.to_owned()));
        assert!(shows("2026-05-04T00:00:00Z") && shows("2027-01-01T00:00:00Z") && day.shows(None));
        assert!(!shows("2026-05-03T23:59:59Z"));
    }
}
