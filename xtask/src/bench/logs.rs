//! Log rows: storing a line, reading it, and draining all lines as one message.
use super::Workspace;
use super::baseline::Baseline;
use super::compile::{self, Program};
use super::execute::{Output, execute};
use super::library;
use super::rows::{Report, Row, Unit};
use super::target::{COMPACT, DEFAULT_UNITS, RLE_ON, Target, Variant};
use anyhow::Result;

const SOURCES: &[&str] = &["common/crc32.c", "common/hooks.c", "common/outlet.c", "speed/logs.c"];

/// The id in the program and in `baseline.json`, and the title.
type Operation = (&'static str, &'static str);

const TEXT: [Operation; 7] = [
    ("log_save_pre40_space", "log save, preformatted 40 bytes, space left"),
    ("log_save_pre40_evict", "log save, preformatted 40 bytes, evicting"),
    ("log_save_filtered", "log save below the minimum level"),
    ("log_read_dropped_notice", "log read, returns the \"dropped\" notice"),
    ("log_read_msg40", "log read, 40-byte message"),
    ("log_trigger", "log collection trigger, 97 logs"),
    ("vsnprintf40", "vsnprintf of 40 chars, the C library's"),
];
const FORMATTED: [Operation; 2] = [
    ("log_save_fmt40_space", "log save, formatted 40 chars, space left"),
    ("log_save_fmt40_evict", "log save, formatted 40 chars, evicting"),
];
/// The program checks what comes out of these.
const DRAINS: [Operation; 3] = [
    ("drain_logs_mtu64", "drain 97 logs, buffer 64"),
    ("drain_logs_mtu244", "drain 97 logs, buffer 244"),
    ("drain_logs_mtu1500", "drain 97 logs, buffer 1500"),
];
const COMPACT_SAVES: [Operation; 3] = [
    ("log_save_compact_space", "compact log save, 4 args (int, unsigned, 4-char string, unsigned)"),
    ("log_save_compact_3int", "compact log save, 3 integers"),
    ("log_save_compact_noargs", "compact log save, no argument"),
];

fn row_name(target: Target, (_, title): Operation) -> String {
    format!("{} {title}", target.name())
}

/// The rows that have a bar: all but the C library's own, which stands there for comparison.
pub fn names_with_bar(target: Target) -> impl Iterator<Item = String> {
    let own = TEXT.into_iter().filter(|(id, _)| *id != "vsnprintf40");
    own.chain(FORMATTED).chain(DRAINS).chain(COMPACT_SAVES).map(move |operation| row_name(target, operation))
}

pub fn measure(workspace: &Workspace, baseline: &Baseline, target: Target, report: &mut Report) -> Result<()> {
    let output = run(workspace, target, RLE_ON)?;
    add(&output, baseline, target, TEXT.iter().chain(&FORMATTED).chain(&DRAINS), report)?;
    let output = run(workspace, target, COMPACT)?;
    add(&output, baseline, target, COMPACT_SAVES.iter(), report)
}

fn run(workspace: &Workspace, target: Target, variant: Variant) -> Result<Output> {
    let library = library::build(workspace, target, variant, DEFAULT_UNITS)?;
    let program = Program { name: format!("logs-{}", variant.name), sources: SOURCES, defines: Vec::new() };
    execute(target, &compile::program(workspace, target, &program, Some(&library))?)
}

fn add<'a>(
    output: &Output,
    baseline: &Baseline,
    target: Target,
    operations: impl Iterator<Item = &'a Operation>,
    report: &mut Report,
) -> Result<()> {
    for &operation in operations {
        let (id, _) = operation;
        let (ours, theirs) = (output.count(id)?, baseline.operation(target, id));
        report.add(Row::new(row_name(target, operation), Unit::Instructions, ours, theirs));
    }
    Ok(())
}
