//! Stack rows.
use super::Workspace;
use super::baseline::Baseline;
use super::compile::{self, Program};
use super::execute::execute;
use super::library;
use super::rows::{Report, Row, Unit};
use super::target::{
    COMPACT, DEFAULT_MESSAGES, DEFAULT_UNITS, METRICS, PANICS, RLE_OFF, RLE_ON, Target, Units, UserMetrics,
};
use anyhow::{Context, Result};

const SOURCES: &[&str] =
    &["common/hooks.c", "common/mock_source.c", "common/payload.c", "stack/depth.c", "stack/stack.c"];
const METRIC_SOURCES: &[&str] = &["common/hooks.c", "stack/depth.c", "stack/metrics.c"];

const LOG_SOURCES: &[&str] = &["common/hooks.c", "stack/depth.c", "stack/logs.c"];
const COREDUMP_SOURCES: &[&str] = &[
    "common/coredump_store.c",
    "common/crc32.c",
    "common/hooks.c",
    "common/payload.c",
    "stack/depth.c",
    "stack/coredump.c",
];

/// A row: the id in the program, the id in `baseline.json`, the title.
type StackRow = (&'static str, &'static str, &'static str);

const WITH_RLE: &[StackRow] = &[
    ("get_chunk_zero_random", "get_chunk_rle_zero_random", "packetizer_get_chunk, RLE on, zero or random payload"),
    ("get_chunk_mix_words", "get_chunk_rle_mix_words", "packetizer_get_chunk, RLE on, mix or words payload"),
    ("advanced_mix", "advanced_rle_mix", "packetizer advanced mode, RLE on, mix payload"),
    ("get_chunk_events", "get_chunk_events", "packetizer_get_chunk, event source"),
    ("trace_capture", "trace_capture", "memfault_trace_event_capture"),
    ("trace_with_log_capture", "trace_with_log_capture", "memfault_trace_event_with_log_capture"),
    ("collect_reset_info", "collect_reset_info", "memfault_reboot_tracking_collect_reset_info"),
    ("export_chunk_80", "export_chunk_80", "memfault_data_export_chunk (80 bytes)"),
];
const WITHOUT_RLE: &[StackRow] = &[("get_chunk_zero_random", "get_chunk_no_rle", "packetizer_get_chunk, RLE off")];

const WITH_METRICS: &[StackRow] = &[
    ("heartbeat_trigger", "heartbeat_debug_trigger", "memfault_metrics_heartbeat_debug_trigger (20 + 7 metrics)"),
    ("heartbeat_collect", "heartbeat_collect", "memfault_metrics_heartbeat_collect"),
    ("metrics_boot", "metrics_boot", "memfault_metrics_boot"),
];

const WITH_PANICS: &[StackRow] = &[
    ("coredump_save", "coredump_save", "memfault_coredump_save"),
    (
        "coredump_compute_size_required",
        "coredump_compute_size_required",
        "memfault_coredump_storage_compute_size_required",
    ),
    ("get_chunk_coredump", "get_chunk_coredump", "packetizer_get_chunk, RLE on, 32 KiB coredump in RAM storage"),
    ("fault", "fault", "fault: UDF in thread mode to reboot hook"),
];

const LINES: &[StackRow] = &[
    ("log_save", "log_save", "memfault_log_save (formatted, 40 chars)"),
    ("log_save_preformatted", "log_save_preformatted", "memfault_log_save_preformatted (40 bytes)"),
    ("log_read", "log_read", "memfault_log_read"),
    ("get_chunk_logs", "get_chunk_logs", "packetizer_get_chunk, log source (97 logs)"),
    (
        "get_chunk_too_small",
        "get_chunk_too_small",
        "packetizer_get_chunk, buffer too small (5 bytes), SDK error log saved",
    ),
];
const LINES_WITHOUT_RLE: &[StackRow] = &[(
    "get_chunk_read_fails",
    "get_chunk_read_fails",
    "packetizer_get_chunk, RLE off, read callback fails, SDK error log saved",
)];
const COMPACT_LINES: &[StackRow] = &[("log_save_compact", "log_save_compact", "memfault_compact_log_save (4 args)")];

/// The name of a stack row, for the bars.
pub fn row_name(title: &str) -> String {
    format!("m4 stack {title}")
}

/// Titles of the rows that have a bar.
pub fn titles_with_bar() -> impl Iterator<Item = &'static str> {
    WITH_PANICS.iter().map(|(_, _, title)| *title)
}

pub fn measure(workspace: &Workspace, baseline: &Baseline, report: &mut Report) -> Result<()> {
    let twenty_metrics = Units::new(DEFAULT_MESSAGES, UserMetrics::Twenty);
    for (what, variant, units, sources, rows) in [
        ("core", RLE_ON, DEFAULT_UNITS, SOURCES, WITH_RLE),
        ("core", RLE_OFF, DEFAULT_UNITS, SOURCES, WITHOUT_RLE),
        ("metrics", METRICS, twenty_metrics, METRIC_SOURCES, WITH_METRICS),
        ("coredump", PANICS, DEFAULT_UNITS, COREDUMP_SOURCES, WITH_PANICS),
        ("logs", RLE_ON, DEFAULT_UNITS, LOG_SOURCES, LINES),
        ("logs", RLE_OFF, DEFAULT_UNITS, LOG_SOURCES, LINES_WITHOUT_RLE),
        ("logs", COMPACT, DEFAULT_UNITS, LOG_SOURCES, COMPACT_LINES),
    ] {
        let library = library::build(workspace, Target::M4, variant, units)?;
        let program = Program { name: format!("stack-{what}-{}", variant.name), sources, defines: Vec::new() };
        let output = execute(Target::M4, &compile::program(workspace, Target::M4, &program, Some(&library))?)?;
        for (id, baseline_id, title) in rows {
            let line = output.line("stack", id).with_context(|| format!("the program reported no stack {id}"))?;
            let bytes = line.rest.parse().with_context(|| line.rest.clone())?;
            report.add(Row::new(row_name(title), Unit::Bytes, bytes, baseline.stack(baseline_id)));
        }
    }
    Ok(())
}
