//! Coredump rows: saving 32 KiB, looking for it, computing its size, draining it, and the way from a fault to the reset.
use super::Workspace;
use super::baseline::Baseline;
use super::compile::{self, Program};
use super::execute::{Output, execute};
use super::library;
use super::rows::{Report, Row, Unit};
use super::target::{DEFAULT_UNITS, PANICS, Target};
use anyhow::{Context, Result};

const SOURCES: &[&str] = &[
    "common/coredump_store.c",
    "common/crc32.c",
    "common/hooks.c",
    "common/outlet.c",
    "common/payload.c",
    "common/unchunk.c",
    "speed/coredump.c",
];

/// The id in the program and in `baseline.json`, and the title.
type Operation = (&'static str, &'static str);

const SAVE: Operation = ("coredump_save_null", "coredump save 32 KiB, store hooks do nothing");
const SAVE_INTO_RAM: Operation = ("coredump_save_ram", "coredump save 32 KiB into RAM store");
const OPERATIONS: [Operation; 5] = [
    SAVE,
    SAVE_INTO_RAM,
    ("coredump_get_save_size", "coredump size computation"),
    ("coredump_has_valid", "has valid coredump"),
    ("drain_coredump_mtu244", "drain that coredump (RLE on), buffer 244"),
];
/// On a processor whose registers the C SDK saves too.
const SIZE_REQUIRED: Operation =
    ("coredump_compute_size_required", "coredump storage size, registers and regions from the port");
const FAULT: Operation = ("fault_path_total", "UDF to reboot hook, 32 KiB coredump in RAM store");

fn row_name(target: Target, (_, title): Operation) -> String {
    format!("{} {title}", target.name())
}

/// The rows that have a bar.
pub fn names_with_bar(target: Target) -> impl Iterator<Item = String> {
    [SAVE, SAVE_INTO_RAM, FAULT].into_iter().map(move |operation| row_name(target, operation))
}

pub fn measure(workspace: &Workspace, baseline: &Baseline, target: Target, report: &mut Report) -> Result<()> {
    let library = library::build(workspace, target, PANICS, DEFAULT_UNITS)?;
    let program = Program { name: "coredump".into(), sources: SOURCES, defines: Vec::new() };
    let output = execute(target, &compile::program(workspace, target, &program, Some(&library))?)?;
    let error = output_error(baseline, target, &output)?;
    let of_processor: &[Operation] = if target == Target::Host { &[] } else { &[SIZE_REQUIRED, FAULT] };
    for &operation in OPERATIONS.iter().chain(of_processor) {
        let (id, _) = operation;
        let (ours, theirs) = (output.count(id)?, baseline.operation(target, id));
        report.add(Row::new(row_name(target, operation), Unit::Instructions, ours, theirs).failed(error.clone()));
    }
    Ok(())
}

/// One save makes the calls of the C SDK's and a file of the same size. The bytes are checked by the program: what is in the
/// store against the region, and what is drained against the store.
fn output_error(baseline: &Baseline, target: Target, output: &Output) -> Result<Option<String>> {
    let saved = output.line("coredump", "saved").context("the program reported no saved coredump")?;
    let drained = output.line("coredump", "drained").context("the program reported no drained coredump")?;
    let expected = |key| baseline.coredump(target, key).with_context(|| format!("no baseline for coredump {key}"));
    // The header and the footer are written with the rest; every byte of the file is written once.
    let size = expected("bytes")?;
    for (what, ours, expected) in [
        ("size", saved.number("bytes")?, size),
        ("drained size", drained.number("bytes")?, size),
        ("writes", saved.number("writes")?, expected("writes")?),
        ("reads", saved.number("reads")?, expected("reads")?),
        ("erases", saved.number("erases")?, expected("erases")?),
    ] {
        if ours != expected {
            return Ok(Some(format!("{what}: {ours}, not {expected}")));
        }
    }
    Ok(None)
}
