//! Drain rows: instructions of the packetizer for a message of 64 KiB.
use super::Workspace;
use super::baseline::{Baseline, Drain};
use super::compile::{self, Program};
use super::execute::{Line, Output, execute};
use super::library;
use super::rows::{Report, Row, Unit};
use super::target::{DEFAULT_UNITS, RLE_OFF, RLE_OFF_NO_CRC_TABLE, RLE_ON, Target, Variant};
use anyhow::{Context, Result};

const SOURCES: &[&str] =
    &["common/crc32.c", "common/hooks.c", "common/mock_source.c", "common/payload.c", "speed/drain.c"];

const FIRST_CALLS: [(&str, &str); 4] = [
    ("first-get-chunk", "1st get_chunk(244)"),
    ("second-get-chunk", "2nd get_chunk(244)"),
    ("first-data-available", "1st data_available"),
    ("second-data-available", "2nd data_available"),
];

/// A build of the drain program.
struct Build {
    /// In row names and `baseline.json`.
    name: &'static str,
    variant: Variant,
    defines: &'static [&'static str],
    /// The message goes out run-length encoded. Then the reads of the source are the library's own business.
    encodes: bool,
}

const BUILDS: [Build; 4] = [
    Build { name: "rle-off", variant: RLE_OFF, defines: &[], encodes: false },
    Build { name: "rle-on", variant: RLE_ON, defines: &[], encodes: true },
    Build { name: "rle-off-no-crc-table", variant: RLE_OFF_NO_CRC_TABLE, defines: &[], encodes: false },
    Build { name: "cdr", variant: RLE_ON, defines: &["BENCH_MOCK_AS_CDR"], encodes: false },
];

/// The name of a drain row, for the bars.
pub fn row_name(target: Target, build: &str, payload: &str, mode: &str) -> String {
    format!("{} drain {build} {payload} {mode}", target.name())
}

/// The name of the row that counts the reads of the source during the same drain.
pub fn reads_row_name(target: Target, build: &str, payload: &str, mode: &str) -> String {
    format!("{} reads", row_name(target, build, payload, mode))
}

pub fn measure(workspace: &Workspace, baseline: &Baseline, target: Target, report: &mut Report) -> Result<()> {
    for build in &BUILDS {
        let library = library::build(workspace, target, build.variant, DEFAULT_UNITS)?;
        let defines = build.defines.iter().map(ToString::to_string).collect();
        let program = Program { name: format!("drain-{}", build.name), sources: SOURCES, defines };
        let output = execute(target, &compile::program(workspace, target, &program, Some(&library))?)?;
        Rows { baseline, target, build, output: &output }.add(report)?;
    }
    Ok(())
}

/// The rows of one run.
struct Rows<'a> {
    baseline: &'a Baseline,
    target: Target,
    build: &'a Build,
    output: &'a Output,
}

impl Rows<'_> {
    fn add(&self, report: &mut Report) -> Result<()> {
        for payload in self.output.lines("payload") {
            let known = self.baseline.payload_crc32(&payload.id);
            let wrong_payload = difference("CRC-32 of the payload", &payload.rest, known.as_deref());
            for drained in self.output.lines("drained") {
                if let Some((of_payload, mode)) = drained.id.split_once('/')
                    && of_payload == payload.id
                {
                    self.add_drain(&payload.id, mode, drained, wrong_payload.clone(), report)?;
                }
            }
            for (id, title) in FIRST_CALLS {
                let ours = self.output.count(&format!("{}/{id}", payload.id))?;
                let theirs = self.baseline.first_call(self.target, self.build.name, &payload.id, id);
                let name = format!("{} {title} {} {}", self.target.name(), self.build.name, payload.id);
                report.add(Row::new(name, Unit::Instructions, ours, theirs).failed(wrong_payload.clone()));
            }
        }
        Ok(())
    }

    fn add_drain(
        &self,
        payload: &str,
        mode: &str,
        drained: &Line,
        wrong_payload: Option<String>,
        report: &mut Report,
    ) -> Result<()> {
        let Self { baseline, target, build, output } = *self;
        let count = |part: &str| output.count(&format!("{payload}/{mode}/{part}"));
        let callback = count("replay")?.saturating_sub(count("replay-empty")?);
        let gross = count("gross")?;
        let net = gross.checked_sub(callback).context("a drain that costs less than its reads")?;

        // On the host the C SDK was not measured as a CDR source, but what comes out is the same on every target.
        let theirs = baseline.drain(target, build.name, &drained.id);
        let expected = baseline.drain(Target::M4, build.name, &drained.id).context("a drain without a baseline")?;
        let error = wrong_payload.or(output_error(build, drained, &expected)?);

        let name = row_name(target, build.name, payload, mode);
        let row = Row::new(name, Unit::InstructionsPer64KiB, net, theirs.map(|t| t.net));
        report.add(row.with_note(format!("gross {gross}, callback {callback}")).failed(error.clone()));
        if build.encodes {
            let (reads, read_bytes) = (drained.number("reads")?, drained.number("read_bytes")?);
            let note = format!("{read_bytes} bytes against {}", expected.read_bytes);
            let row =
                Row::new(reads_row_name(target, build.name, payload, mode), Unit::Reads, reads, Some(expected.reads));
            report.add(row.with_note(note).failed(error));
        }
        Ok(())
    }
}

/// What came out must be what the C SDK puts out, and without RLE it must come from the same reads (spec 10 section 11.3).
fn output_error(build: &Build, drained: &Line, expected: &Drain) -> Result<Option<String>> {
    let crc32 = drained.field("out_crc32").context("a drain without a CRC-32")?;
    let mut numbers = vec![("chunks", expected.chunks), ("out_bytes", expected.out_bytes)];
    if !build.encodes {
        numbers.extend([("reads", expected.reads), ("read_bytes", expected.read_bytes)]);
    }
    for (key, expected) in numbers {
        let ours = drained.number(key)?;
        if ours != expected {
            return Ok(Some(format!("{key} is {ours}, not {expected}")));
        }
    }
    Ok(difference("CRC-32 of the chunks", crc32, Some(&expected.out_crc32)))
}

fn difference(what: &str, ours: &str, expected: Option<&str>) -> Option<String> {
    match expected {
        Some(expected) if expected == ours => None,
        Some(expected) => Some(format!("{what} is {ours}, not {expected}")),
        None => Some(format!("{what} is {ours}, and nothing to compare it with")),
    }
}
