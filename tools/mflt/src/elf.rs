//! `mflt elf`: what the ELF file of a firmware offers.

use crate::cli::{ElfArgs, ElfFormat};
use crate::grid::{Grid, Side};
use crate::printable::one_line;
use crate::{symbols, table};
use memfault_decode::firmware::Firmware;
use memfault_decode::firmware::metrics::MetricTable;
use memfault_decode::model::{MetricInfo, hex};
use memfault_decode::reasons;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// What is said about a file, in the shape of the JSON output.
#[derive(Serialize)]
struct Offer<'f> {
    file: String,
    build_id: Option<String>,
    /// `memfault`, `gnu` or `none`.
    build_id_kind: &'static str,
    machine: &'static str,
    sdk_version: Option<String>,
    os: Option<Os<'f>>,
    sessions: Vec<&'f str>,
    metrics: Vec<Metric<'f>>,
    trace_reasons: Vec<Reason<'f>>,
    reboot_reasons: Vec<Reason<'f>>,
    logs: Vec<Log>,
    problems: &'f [String],
}

#[derive(Serialize)]
struct Os<'f> {
    name: &'f str,
    version: &'f str,
}

#[derive(Serialize)]
struct Metric<'f> {
    index: usize,
    session: &'f str,
    name: &'f str,
    #[serde(flatten)]
    info: MetricInfo,
}

#[derive(Serialize)]
struct Reason<'f> {
    id: u32,
    name: &'f str,
}

#[derive(Serialize)]
struct Log {
    id: u32,
    format: String,
    file: String,
    line: u32,
}

pub fn run(args: &ElfArgs) -> anyhow::Result<ExitCode> {
    let mut status = 0;
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    for path in &args.files {
        let firmware = match symbols::read(path, symbols::Use::Names) {
            Ok(firmware) => firmware,
            Err(error) => {
                eprintln!("mflt: {}", one_line(&format!("{error:#}")));
                status = crate::USAGE_OR_IO;
                continue;
            }
        };
        let offer = Offer::new(path, &firmware);
        let text = match args.format {
            ElfFormat::Json => serde_json::to_string(&offer)? + "\n",
            ElfFormat::Table => offer.table(colour),
        };
        match io::stdout().lock().write_all(text.as_bytes()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(error.into()),
            _ => {}
        }
        if args.format == ElfFormat::Table {
            for problem in &firmware.problems {
                eprintln!("mflt: {}", one_line(&format!("{}: {problem}", path.display())));
            }
        }
        if !firmware.problems.is_empty() {
            status = status.max(crate::DAMAGE);
        }
    }
    Ok(ExitCode::from(status))
}

impl<'f> Offer<'f> {
    fn new(path: &Path, firmware: &'f Firmware) -> Self {
        let reasons = |names: &'f BTreeMap<u32, String>| names.iter().map(|(&id, name)| Reason { id, name }).collect();
        let logs = firmware.logs.iter().flat_map(|logs| logs.entries());
        Self {
            file: path.display().to_string(),
            build_id: firmware.image.build.id.map(|id| hex(&id)),
            build_id_kind: firmware.image.build.kind,
            machine: firmware.image.machine,
            sdk_version: firmware
                .image
                .build
                .sdk_version
                .map(|[major, minor, patch]| format!("{major}.{minor}.{patch}")),
            os: firmware.image.build.os.as_ref().map(|(name, version)| Os { name, version }),
            sessions: firmware.metrics.iter().flat_map(|table| &table.sessions).map(|session| &*session.name).collect(),
            metrics: firmware.metrics.as_ref().map_or_else(Vec::new, metrics),
            trace_reasons: reasons(&firmware.trace_reasons),
            reboot_reasons: reasons(&firmware.reboot_reasons),
            logs: logs.map(|log| Log { id: log.id, format: log.format, file: log.file, line: log.line }).collect(),
            problems: &firmware.problems,
        }
    }

    fn table(&self, colour: bool) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{}", one_line(&self.file));
        let mut facts = Grid::new(&[("", Side::Left), ("", Side::Left)]);
        let id = match (self.build_id_kind, &self.build_id) {
            ("memfault", Some(id)) => format!("{id} (written by the post-link tool)"),
            (_, Some(id)) => format!("{id} (from the linker)"),
            (_, None) => "none: its devices send none; use --elf".to_owned(),
        };
        facts.row(["build id", &id]);
        facts.row(["machine", self.machine]);
        if let Some(version) = &self.sdk_version {
            facts.row(["SDK", version]);
        }
        if let Some(Os { name, version }) = self.os {
            facts.row(["OS", &format!("{name} {version}")]);
        }
        facts.row(["metrics", &self.metrics.len().to_string()]);
        if !self.sessions.is_empty() {
            facts.row(["sessions", &self.sessions.join(", ")]);
        }
        facts.row(["trace reasons", &self.trace_reasons.len().to_string()]);
        facts.row(["own reboot reasons", &self.reboot_reasons.len().to_string()]);
        facts.row(["compact logs", &self.logs.len().to_string()]);
        facts.write(&mut out, 2, colour);

        let mut metrics = Grid::new(&[
            ("#", Side::Right),
            ("SESSION", Side::Left),
            ("METRIC", Side::Left),
            ("TYPE", Side::Left),
            ("SCALE", Side::Right),
            ("RANGE", Side::Left),
        ]);
        for Metric { index, session, name, info } in &self.metrics {
            let scale = info.divisor().map_or_else(String::new, |divisor| format!("1/{divisor}"));
            metrics.row([&index.to_string(), *session, *name, info.kind.text(), &scale, &table::range(info)]);
        }
        let mut traces = Grid::new(&[("#", Side::Right), ("TRACE REASON", Side::Left)]);
        for Reason { id, name } in &self.trace_reasons {
            traces.row([&id.to_string(), *name]);
        }
        let mut reboots = Grid::new(&[("#", Side::Right), ("REBOOT REASON", Side::Left), ("", Side::Left)]);
        for Reason { id, name } in &self.reboot_reasons {
            let class = if reasons::is_unexpected(*id) { "unexpected" } else { "expected" };
            reboots.row([&format!("0x{id:04x}"), *name, class]);
        }
        let mut logs = Grid::new(&[("#", Side::Right), ("LOG", Side::Left), ("SOURCE", Side::Left)]);
        for log in &self.logs {
            logs.row([&format!("0x{:x}", log.id), &*log.format, &format!("{}:{}", log.file, log.line)]);
        }
        for grid in [metrics, traces, reboots, logs].iter().filter(|grid| !grid.is_empty()) {
            out.push('\n');
            grid.write(&mut out, 2, colour);
        }
        out
    }
}

fn metrics(table: &MetricTable) -> Vec<Metric<'_>> {
    let metrics = table.metrics.iter().enumerate();
    let named = metrics.filter_map(|(index, metric)| {
        let session = &table.sessions.get(metric.session)?.name;
        Some(Metric { index, session, name: &metric.name, info: metric.info })
    });
    named.collect()
}
