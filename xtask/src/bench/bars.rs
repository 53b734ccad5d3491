//! The bars that a release has to meet (`benches/README.md`), on Cortex-M4.
use super::coredump;
use super::drain;
use super::events;
use super::logs;
use super::rows::{Report, Row, Unit};
use super::size;
use super::stack;
use super::target::Target;

/// Flash of every row of a level, relative to the C SDK.
const FLASH_L1: f64 = 0.95;
const FLASH_L2: f64 = 0.9;
const FLASH_L3: f64 = 0.9;
const RAM: f64 = 1.0;
const RLE_OFF_244: f64 = 0.55;
const RLE_OFF_9: f64 = 1.1;
const RLE_MIX_244: f64 = 0.2;
const HEARTBEAT: f64 = 0.6;
/// Instructions and stack of saving a coredump and of the fault path, and the stack of draining it.
const COREDUMP: f64 = 1.0;
/// Instructions of storing, reading and draining log lines.
const LOGS: f64 = 0.8;

const PAYLOADS: [&str; 4] = ["zero", "mix", "random", "words"];

#[derive(Default)]
pub struct Outcome {
    pub met: Vec<String>,
    pub missed: Vec<String>,
}

impl Outcome {
    fn at_most(&mut self, row: &Row, bar: f64) {
        self.judge(row, &format!("at most {bar:.2}"), |ratio| ratio <= bar);
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
    for (level, flash) in [("L1", FLASH_L1), ("L2", FLASH_L2), ("L3", FLASH_L3)] {
        for title in size::titles(level) {
            for (what, bar) in [("flash", flash), ("RAM", RAM)] {
                if let Some(row) = report.find(&size::row_name(Target::M4, title, "trim", what)) {
                    outcome.at_most(row, bar);
                }
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
            let name = size::row_name(Target::M4, size::titles(level).next().unwrap(), "trim", "flash");
            check(&report(&[Row::new(name, Unit::Bytes, 92, Some(100))])).missed.len()
        };
        assert_eq!((flash("L1"), flash("L2")), (0, 1));
    }

    #[test]
    fn as_many_reads_as_the_c_sdk_are_too_many() {
        let name = drain::reads_row_name(Target::M4, "rle-on", "words", "basic-64");
        assert_eq!(check(&report(&[Row::new(&name, Unit::Reads, 10, Some(10))])).missed.len(), 1);
        assert_eq!(check(&report(&[Row::new(&name, Unit::Reads, 9, Some(10))])).missed.len(), 0);
    }

    #[test]
    fn a_row_with_a_wrong_output_misses_its_bar() {
        let name = size::row_name(Target::M4, size::titles("L1").next().unwrap(), "trim", "flash");
        let row = Row::new(name, Unit::Bytes, 1, Some(100)).failed(Some("wrong".into()));
        assert_eq!(check(&report(&[row])).missed.len(), 1);
    }
}
