//! The bars that a release has to meet (`benches/README.md`), on Cortex-M4.
use super::coredump;
use super::drain;
use super::events;
use super::logs;
use super::rows::{Report, Row, Unit};
use super::size;
use super::size_rows::{DEFAULT_ROWS, ROWS, titles};
use super::stack;
use super::target::Target;

/// Flash of every row of a level, relative to the C SDK.
const FLASH_L1: f64 = 0.95;
const FLASH_L2: f64 = 0.9;
const FLASH_L3: f64 = 0.9;
/// The levels that store the SDK's messages, L4 and L5.
const FLASH_LOGS: f64 = 0.9;
/// Titles of rows that are still above [`FLASH_LOGS`], and what they must not get worse than.
const ABOVE_FLASH_LOGS: [(&str, f64); 4] = [
    ("L4 compact logs", 1.04),
    ("L5 every public function", 1.09),
    ("L5 every option on", 1.15),
    ("L5 every option on, compact logs", 1.16),
];
const RAM: f64 = 1.0;
const RLE_OFF_244: f64 = 0.55;
const RLE_OFF_9: f64 = 1.1;
const RLE_MIX_244: f64 = 0.2;
const HEARTBEAT: f64 = 0.6;
/// Instructions and stack of saving a coredump and of the fault path, and the stack of draining it.
const COREDUMP: f64 = 1.0;
/// Instructions of storing, reading and draining log lines.
const LOGS: f64 = 0.8;
/// Instructions of draining a custom data recording.
const CDR: f64 = 0.8;

const PAYLOADS: [&str; 4] = ["zero", "mix", "random", "words"];

#[derive(Default)]
pub struct Outcome {
    pub met: Vec<String>,
    pub missed: Vec<String>,
    /// Goals that are known not to be reached. They count neither way.
    pub open: Vec<String>,
}

impl Outcome {
    fn at_most(&mut self, row: &Row, bar: f64) {
        self.judge(row, &format!("at most {bar:.2}"), |ratio| ratio <= bar);
    }

    /// A goal, and what is allowed until it is reached.
    fn on_the_way(&mut self, row: &Row, goal: f64, allowed: f64) {
        match row.ratio() {
            Some(ratio) if ratio > goal && ratio <= allowed => {
                self.open.push(format!("{}: {ratio:.3}, goal {goal:.2}, at most {allowed:.2} allowed", row.name));
            }
            Some(ratio) if ratio > goal => self.at_most(row, allowed),
            _ => self.at_most(row, goal),
        }
    }

    fn judge(&mut self, row: &Row, bar: &str, met: impl Fn(f64) -> bool) {
        match row.ratio() {
            Some(ratio) if met(ratio) => self.met.push(format!("{}: {ratio:.3}, {bar}", row.name)),
            Some(ratio) => self.missed.push(format!("{}: {ratio:.3}, {bar} allowed", row.name)),
            None => self.missed.push(format!("{}: no ratio, {bar} allowed", row.name)),
        }
    }
}

/// Judges the rows that were measured; a selection of benchmarks is judged for what it holds.
pub fn check(report: &Report) -> Outcome {
    let mut outcome = Outcome::default();
    for (rows, messages, level, flash) in [
        (&ROWS[..], "trim", "L1", FLASH_L1),
        (&ROWS, "trim", "L2", FLASH_L2),
        (&ROWS, "trim", "L3", FLASH_L3),
        (&DEFAULT_ROWS, "default", "L4", FLASH_LOGS),
        (&DEFAULT_ROWS, "default", "L5", FLASH_LOGS),
    ] {
        for title in titles(rows, level) {
            let row = |what| report.find(&size::row_name(Target::M4, title, messages, what));
            let above = ABOVE_FLASH_LOGS.iter().find(|(above, _)| *above == title);
            match (row("flash"), above) {
                (Some(row), Some((_, allowed))) => outcome.on_the_way(row, flash, *allowed),
                (Some(row), None) => outcome.at_most(row, flash),
                (None, _) => (),
            }
            if let Some(row) = row("RAM") {
                outcome.at_most(row, RAM);
            }
        }
    }
    for payload in PAYLOADS {
        for (mode, bar) in [("basic-244", RLE_OFF_244), ("basic-9", RLE_OFF_9)] {
            if let Some(row) = report.find(&drain::row_name(Target::M4, "rle-off", payload, mode)) {
                outcome.at_most(row, bar);
            }
        }
    }
    if let Some(row) = report.find(&drain::row_name(Target::M4, "rle-on", "mix", "basic-244")) {
        outcome.at_most(row, RLE_MIX_244);
    }
    for payload in PAYLOADS {
        if let Some(row) = report.find(&drain::row_name(Target::M4, "cdr", payload, "basic-244")) {
            outcome.at_most(row, CDR);
        }
    }
    if let Some(row) = report.find(&events::heartbeat_row_name(Target::M4)) {
        outcome.at_most(row, HEARTBEAT);
    }
    let stack_rows = stack::titles_with_bar().map(stack::row_name);
    for name in coredump::names_with_bar(Target::M4).chain(stack_rows) {
        if let Some(row) = report.find(&name) {
            outcome.at_most(row, COREDUMP);
        }
    }
    for name in logs::names_with_bar(Target::M4) {
        if let Some(row) = report.find(&name) {
            outcome.at_most(row, LOGS);
        }
    }
    for row in report.rows.iter().filter(|row| row.unit == Unit::Reads) {
        outcome.judge(row, "fewer reads than the C SDK", |ratio| ratio < 1.0);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(rows: &[Row]) -> Report {
        Report { rows: rows.to_vec() }
    }

    #[test]
    fn a_row_at_the_bar_meets_it_and_one_above_misses_it() {
        let name = drain::row_name(Target::M4, "rle-off", "mix", "basic-244");
        let at = report(&[Row::new(&name, Unit::InstructionsPer64KiB, 55, Some(100))]);
        assert_eq!((check(&at).met.len(), check(&at).missed.len()), (1, 0));
        let above = report(&[Row::new(&name, Unit::InstructionsPer64KiB, 56, Some(100))]);
        assert_eq!((check(&above).met.len(), check(&above).missed.len()), (0, 1));
    }

    #[test]
    fn level_2_has_a_lower_bar_for_flash_than_level_1() {
        let flash = |level| {
            let name = size::row_name(Target::M4, titles(&ROWS, level).next().unwrap(), "trim", "flash");
            check(&report(&[Row::new(name, Unit::Bytes, 92, Some(100))])).missed.len()
        };
        assert_eq!((flash("L1"), flash("L2")), (0, 1));
    }

    #[test]
    fn a_goal_that_is_not_reached_may_not_move_away() {
        for (title, allowed) in ABOVE_FLASH_LOGS {
            assert!(DEFAULT_ROWS.iter().any(|row| row.title == title), "{title}");
            let name = size::row_name(Target::M4, title, "default", "flash");
            let allowed = (allowed * 100.0).round() as u64;
            for (bytes, met, open, missed) in [(90, 1, 0, 0), (91, 0, 1, 0), (allowed, 0, 1, 0), (allowed + 1, 0, 0, 1)]
            {
                let outcome = check(&report(&[Row::new(&name, Unit::Bytes, bytes, Some(100))]));
                let lens = (outcome.met.len(), outcome.open.len(), outcome.missed.len());
                assert_eq!(lens, (met, open, missed), "{title} {bytes}");
            }
        }
    }

    #[test]
    fn level_4_is_judged_with_the_messages_stored() {
        let title = titles(&DEFAULT_ROWS, "L4").next().unwrap();
        for (what, bytes, missed) in [("flash", 90, 0), ("flash", 91, 1), ("RAM", 100, 0), ("RAM", 101, 1)] {
            let name = size::row_name(Target::M4, title, "default", what);
            let outcome = check(&report(&[Row::new(name, Unit::Bytes, bytes, Some(100))]));
            assert_eq!((outcome.met.len(), outcome.missed.len()), (1 - missed, missed), "{what} {bytes}");
        }
    }

    #[test]
    fn recordings_and_formatted_lines_have_a_bar() {
        let recording = drain::row_name(Target::M4, "cdr", "mix", "basic-244");
        let line = logs::names_with_bar(Target::M4).find(|name| name.contains("formatted 40")).unwrap();
        for name in [recording, line] {
            assert_eq!(check(&report(&[Row::new(&name, Unit::Instructions, 81, Some(100))])).missed.len(), 1);
            assert_eq!(check(&report(&[Row::new(&name, Unit::Instructions, 80, Some(100))])).missed.len(), 0);
        }
    }

    #[test]
    fn as_many_reads_as_the_c_sdk_are_too_many() {
        let name = drain::reads_row_name(Target::M4, "rle-on", "words", "basic-64");
        assert_eq!(check(&report(&[Row::new(&name, Unit::Reads, 10, Some(10))])).missed.len(), 1);
        assert_eq!(check(&report(&[Row::new(&name, Unit::Reads, 9, Some(10))])).missed.len(), 0);
    }

    #[test]
    fn a_row_with_a_wrong_output_misses_its_bar() {
        let name = size::row_name(Target::M4, titles(&ROWS, "L1").next().unwrap(), "trim", "flash");
        let row = Row::new(name, Unit::Bytes, 1, Some(100)).failed(Some("wrong".into()));
        assert_eq!(check(&report(&[row])).missed.len(), 1);
    }
}
