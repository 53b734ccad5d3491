//! `cargo xtask bench`: size, speed and stack of the library next to the numbers of the C SDK, on the same workloads.
//!
//! The workloads are the C programs of `benches/c`, linked against `libmemfault_rs.a` as firmware links it, and run under QEMU
//! and callgrind. `benches/README.md` defines every row; `benches/baseline.json` holds the numbers of the C SDK. A row whose
//! output differs from the C SDK's by a byte has no number: a fast wrong answer must not win.
mod bars;
mod baseline;
mod compile;
mod coredump;
mod counting;
mod drain;
mod events;
mod execute;
mod library;
mod link_map;
mod logs;
mod options;
mod rows;
mod size;
mod size_rows;
mod stack;
mod target;

use anyhow::{Context, Result, bail};
use baseline::Baseline;
use options::{Format, Options};
use rows::Report;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use target::Target;

/// Where things are: the repository and the folder for everything that is built.
struct Workspace {
    root: PathBuf,
    out: PathBuf,
    /// The archives that this run has built.
    built: RefCell<BTreeSet<PathBuf>>,
}

impl Workspace {
    fn new() -> Result<Self> {
        let root = crate::workspace_root();
        let target_dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let out = std::path::absolute(target_dir).context("cannot find the target folder")?.join("bench");
        Ok(Self { root, out, built: RefCell::default() })
    }

    fn c_dir(&self) -> PathBuf {
        self.root.join("benches/c")
    }
}

/// Runs what the arguments select and prints one row per workload.
///
/// # Errors
/// A build or a run fails, an output is wrong, or, with `--check`, a bar is missed.
pub fn run(args: &[String]) -> Result<()> {
    let options = match options::parse(args)? {
        Some(options) => options,
        None => {
            print!("{}", options::HELP);
            return Ok(());
        }
    };
    let workspace = Workspace::new()?;
    let baseline = Baseline::load(&workspace.root)?;
    let mut report = Report::default();
    measure(&workspace, &baseline, &options, &mut report)?;

    match options.format {
        Format::Table => print!("{}", report.table()),
        Format::Json => println!("{}", report.json()),
    }
    let mut failures = report.errors();
    if options.check {
        let outcome = bars::check(&report);
        for line in &outcome.met {
            eprintln!("met     {line}");
        }
        for line in &outcome.open {
            eprintln!("open    {line}");
        }
        for line in &outcome.missed {
            eprintln!("MISSED  {line}");
        }
        eprintln!("{} passed, {} failed", outcome.met.len(), outcome.missed.len() + failures.len());
        failures.extend(outcome.missed);
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("\n       "));
    }
    Ok(())
}

fn measure(workspace: &Workspace, baseline: &Baseline, options: &Options, report: &mut Report) -> Result<()> {
    for &target in &options.targets {
        if options.size && target != Target::Host {
            size::measure(workspace, baseline, target, report)?;
        }
        if (options.drain || options.events) && target.counter().is_some() {
            counting::prove(workspace, target)?;
        }
        if options.drain && target.counter().is_some() {
            drain::measure(workspace, baseline, target, report)?;
        }
        if options.events && target.counter().is_some() {
            events::measure(workspace, baseline, target, report)?;
            coredump::measure(workspace, baseline, target, report)?;
            logs::measure(workspace, baseline, target, report)?;
        }
        if options.stack && target == Target::M4 {
            stack::measure(workspace, baseline, report)?;
        }
    }
    Ok(())
}
