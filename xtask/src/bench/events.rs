//! Event, metric and utility rows.
use super::Workspace;
use super::baseline::Baseline;
use super::compile::{self, Program};
use super::execute::{Output, execute};
use super::library;
use super::rows::{Report, Row, Unit};
use super::target::{
    BATCHED, DEFAULT_MESSAGES, DEFAULT_UNITS, METRICS, RLE_OFF_NO_CRC_TABLE, RLE_ON, Target, Units, UserMetrics,
    Variant,
};
use anyhow::{Context, Result};

const EVENT_SOURCES: &[&str] =
    &["common/crc32.c", "common/hooks.c", "common/outlet.c", "common/payload.c", "speed/events.c"];
const METRIC_SOURCES: &[&str] = &["common/crc32.c", "common/hooks.c", "common/outlet.c", "speed/metrics.c"];

/// An operation: its id in the program, its title, and the message that checks what it recorded.
struct Operation {
    id: &'static str,
    title: &'static str,
    message: Option<&'static str>,
}

const fn operation(id: &'static str, title: &'static str, message: Option<&'static str>) -> Operation {
    Operation { id, title, message }
}

const EVENTS: [Operation; 9] = [
    operation("reboot_collect_poweron", "reboot event, power-on", Some("reboot_poweron")),
    operation("reboot_collect_crash", "reboot event, assert + pc/lr + coredump + register", Some("reboot_crash")),
    operation("trace#1", "trace event, first in empty storage", Some("trace")),
    operation("trace_status", "trace event with status", Some("trace_status")),
    operation("trace_log40", "trace event with 40-char log", Some("trace_log40")),
    operation("trace#2", "trace event, again", Some("trace#2")),
    operation("drain_10_traces_mtu64", "drain 10 trace events, buffer 64", Some("10traces")),
    operation("drain_10_traces_mtu244", "drain 10 trace events, buffer 244", Some("10traces")),
    operation("drain_1_trace_mtu244", "drain 1 trace event, buffer 244", Some("trace#2")),
];
const METRIC_OPERATIONS: [Operation; 12] = [
    operation("metrics_boot", "memfault_metrics_boot", None),
    operation("set_unsigned", "metric set unsigned", None),
    operation("set_signed", "metric set signed", None),
    operation("set_string", "metric set string (14 chars)", None),
    operation("metric_add", "metric add", None),
    operation("timer_start", "metric timer start", None),
    operation("timer_stop", "metric timer stop", None),
    operation("hb_collect_only", "heartbeat collect only", None),
    operation("hb_worst_size", "heartbeat worst-case size", None),
    operation("heartbeat#1", HEARTBEAT, Some("heartbeat#1")),
    operation("heartbeat#2", "heartbeat trigger, again", Some("heartbeat#1")),
    operation("drain_heartbeat_mtu64", "drain 1 heartbeat (2 chunks), buffer 64", Some("heartbeat#1")),
];
/// The row with the bar.
const HEARTBEAT: &str = "heartbeat trigger: collect + serialize + reset, 20 user + 7 built-in";
const CRC16: [Operation; 3] = [
    operation("crc16_64", "CRC16 of 64 B", None),
    operation("crc16_1500", "CRC16 of 1500 B", None),
    operation("crc16_64k", "CRC16 of 65536 B", None),
];
const TEXT: [Operation; 2] = [
    operation("base64_80", "base64 of 80 B", None),
    operation("export_chunk_80", "export one 80-byte chunk as base64 line", None),
];

pub fn measure(workspace: &Workspace, baseline: &Baseline, target: Target, report: &mut Report) -> Result<()> {
    let output = run(workspace, target, RLE_ON)?;
    let default = Rows { baseline, target, variant: RLE_ON, output: &output };
    default.add(EVENTS.iter(), "", "", report)?;
    default.add(CRC16.iter(), "", ", table on", report)?;
    default.add(TEXT.iter(), "", "", report)?;

    let output = run(workspace, target, RLE_OFF_NO_CRC_TABLE)?;
    let no_table = Rows { baseline, target, variant: RLE_OFF_NO_CRC_TABLE, output: &output };
    no_table.add(CRC16.iter(), "_notable", ", table off", report)?;

    let output = run(workspace, target, BATCHED)?;
    let batched = Rows { baseline, target, variant: BATCHED, output: &output };
    let drains = EVENTS.iter().filter(|operation| operation.id.starts_with("drain_10"));
    batched.add(drains, "_batched", ", batched", report)?;

    let units = Units::new(DEFAULT_MESSAGES, UserMetrics::Twenty);
    let library = library::build(workspace, target, METRICS, units)?;
    let program = Program { name: "metrics".into(), sources: METRIC_SOURCES, defines: Vec::new() };
    let output = execute(target, &compile::program(workspace, target, &program, Some(&library))?)?;
    let metrics = Rows { baseline, target, variant: METRICS, output: &output };
    metrics.add(METRIC_OPERATIONS.iter(), "", "", report)
}

/// The name of the heartbeat row, for the bars.
pub fn heartbeat_row_name(target: Target) -> String {
    format!("{} {HEARTBEAT}", target.name())
}

fn run(workspace: &Workspace, target: Target, variant: Variant) -> Result<Output> {
    let library = library::build(workspace, target, variant, DEFAULT_UNITS)?;
    let program = Program { name: format!("events-{}", variant.name), sources: EVENT_SOURCES, defines: Vec::new() };
    execute(target, &compile::program(workspace, target, &program, Some(&library))?)
}

/// The rows of one run.
struct Rows<'a> {
    baseline: &'a Baseline,
    target: Target,
    variant: Variant,
    output: &'a Output,
}

impl Rows<'_> {
    fn add<'o>(
        &self,
        operations: impl Iterator<Item = &'o Operation>,
        id_suffix: &str,
        title_suffix: &str,
        report: &mut Report,
    ) -> Result<()> {
        for operation in operations {
            let ours = self.output.count(operation.id)?;
            let theirs = self.baseline.operation(self.target, &format!("{}{id_suffix}", operation.id));
            let error = match operation.message {
                Some(message) => self.message_error(message)?,
                None if operation.id == "hb_worst_size" => self.worst_case_error()?,
                None => None, // the program itself checks the result
            };
            let name = format!("{} {}{title_suffix}", self.target.name(), operation.title);
            report.add(Row::new(name, Unit::Instructions, ours, theirs).failed(error));
        }
        Ok(())
    }

    /// Firmware compares this size with its storage, so it has to be the C SDK's.
    fn worst_case_error(&self) -> Result<Option<String>> {
        let line = self.output.line("worst_case_size", "heartbeat").context("the program reported no worst case")?;
        let (ours, expected) = (line.number("bytes")?, self.baseline.heartbeat_worst_case().context("no worst case")?);
        Ok((ours != expected).then(|| format!("the size is {ours}, not {expected}")))
    }

    /// The bytes that left the packetizer after the operation, against the C SDK's.
    fn message_error(&self, id: &str) -> Result<Option<String>> {
        let ours = self.output.line("message", id).with_context(|| format!("the program reported no message {id}"))?;
        // The second trace event is the same message as the first.
        let expected_id = if id == "trace#2" { "trace" } else { id };
        let expected = self
            .baseline
            .message(self.variant, expected_id)
            .with_context(|| format!("no baseline for message {id}"))?;
        for (key, expected) in [("chunks", expected.chunks), ("bytes", expected.bytes)] {
            let ours = ours.number(key)?;
            if ours != expected {
                return Ok(Some(format!("message {id}: {key} is {ours}, not {expected}")));
            }
        }
        if ours.field("crc32") == Some(&expected.crc32) {
            return Ok(None);
        }
        let first_chunk = self.output.line("bytes", id).map_or("", |line| line.rest.as_str());
        let wanted = expected.first_chunk.unwrap_or_else(|| format!("CRC-32 {}", expected.crc32));
        Ok(Some(format!("message {id} is {first_chunk}, not {wanted}")))
    }
}
