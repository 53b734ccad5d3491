//! `mflt decode`: the inputs one after the other (or together with --follow) through one decoder.

mod detect;
mod encoded;
mod feed;
mod follow;

use crate::cli::{InputArgs, InputFormat};
use crate::output::{Output, Shape, Unnamed};
use crate::report::Report;
use crate::symbols;
use anyhow::{Context as _, bail};
use feed::Input;
use indicatif::{ProgressBar, ProgressStyle};
use memfault_decode::{Decoded, Decoder, Options, Stats};
use std::fs::{self, File};
use std::io::{self, ErrorKind, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const BLOCK_LEN: usize = 256 << 10;
/// Files from this size on have a progress bar.
const LARGE_FILE: u64 = 32 << 20;

/// What all inputs share.
pub struct Session {
    pub decoder: Decoder,
    pub output: Output,
    /// What could not be read, if that is not to be reported at once.
    pub refused: Option<Vec<String>>,
    stop: Arc<AtomicBool>,
}

impl Session {
    /// True when the user wants it to end, or nobody reads the results.
    fn ends(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.output.is_broken()
    }
}

pub fn run(args: &InputArgs, shape: Shape<'_>) -> anyhow::Result<ExitCode> {
    let paths = paths(args);
    if let Some(dir) = shape.out {
        if fs::metadata(dir).is_ok_and(|metadata| !metadata.is_dir()) {
            bail!("--out {}: this is a file; name a directory", dir.display());
        }
        fs::create_dir_all(dir).with_context(|| format!("--out {}: cannot make this directory", dir.display()))?;
    }
    let mut report = Report::new(args.diagnostics, args.quiet);
    let inputs = plan(args, &paths, &mut report)?;
    if args.require_symbols && args.elf.is_empty() && args.symbols.is_empty() {
        bail!("--require-symbols needs --elf or --symbols");
    }
    let symbols = symbols::load(args, symbols::Use::Names, &mut report)?;
    let stop = Arc::new(AtomicBool::new(false));
    // A second Ctrl-C ends at once, for the case that a read never returns.
    signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, 130, stop.clone())?;
    signal_hook::flag::register(signal_hook::consts::SIGINT, stop.clone())?;
    let output = Output::new(shape, report);
    let mut session = Session { decoder: Decoder::new(options(args)), output, refused: None, stop };

    if let Some(symbols) = symbols {
        session.decoder.set_symbols(symbols);
    }
    let failed = if args.follow {
        follow::run(inputs, &paths, &mut session)?;
        false
    } else {
        one_after_the_other(inputs, &paths, args, &mut session)
    };
    let missing = session.output.finish();
    let (stats, files) = (session.decoder.stats(), session.output.files());
    if !args.quiet {
        // Of what could not be read nobody knows.
        hints(missing.filter(|_| !failed), session.output.unnamed(), &mut session.output.report);
    }
    session.output.report.summary(&stats, files);
    if let Some(error) = session.output.take_failure() {
        bail!("cannot write the results: {error}");
    }
    let damaged = stats.errors > 0 || args.strict && stats.warnings > 0;
    Ok(ExitCode::from(match () {
        () if failed || files.failed > 0 => crate::USAGE_OR_IO,
        () if args.require_symbols && stats.nameless > 0 => crate::NO_SYMBOLS,
        () if damaged => crate::DAMAGE,
        () => 0,
    }))
}

/// Says what a user could want besides the results.
fn hints(missing: Option<&str>, unnamed: Unnamed, report: &mut Report) {
    if let Some(missing) = missing {
        report.note(&format!("there are no {missing} in it"));
    }
    let counted = |count: u64, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    };
    let of = [counted(unnamed.lines, "compact log line"), counted(unnamed.metrics, "heartbeat")];
    let of: Vec<String> = of.into_iter().flatten().collect();
    if !of.is_empty() {
        report.note(&format!("names and texts for {} are in the firmware's ELF file: --elf FILE", of.join(" and ")));
    }
}

/// Reads all inputs for their coredumps, and counts what else is in them.
pub fn coredumps(args: &InputArgs, report: Report) -> anyhow::Result<(Vec<Decoded>, Stats, Report)> {
    let paths = paths(args);
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        open(path).with_context(|| path.display().to_string())?;
    }
    let mut report = report;
    let inputs = plan(args, &paths, &mut report)?;
    let decoder = Decoder::new(options(args));
    let output = Output::keeping(report);
    let mut session = Session { decoder, output, refused: Some(Vec::new()), stop: Arc::default() };
    one_after_the_other(inputs, &paths, args, &mut session);
    if let Some(problem) = session.refused.into_iter().flatten().next() {
        bail!("{problem}");
    }
    let found = session.output.take_kept();
    Ok((found, session.decoder.stats(), session.output.report))
}

fn paths(args: &InputArgs) -> Vec<PathBuf> {
    if args.inputs.is_empty() { vec![PathBuf::from("-")] } else { args.inputs.clone() }
}

fn options(args: &InputArgs) -> Options {
    Options { padded: args.padded, show_project_key: args.show_project_key, ..Options::default() }
}

/// Gives every input its name, its device, and the knowledge whether more of that device follows.
fn plan(args: &InputArgs, paths: &[PathBuf], report: &mut Report) -> anyhow::Result<Vec<Input>> {
    let stdin_count = paths.iter().filter(|path| is_stdin(path)).count();
    if stdin_count > 1 {
        bail!("standard input (-) is given {stdin_count} times");
    }
    if args.follow && (stdin_count > 0 || !matches!(args.input_format, InputFormat::Auto | InputFormat::Text)) {
        bail!("--follow watches text files; standard input is read while it comes without it");
    }
    if !matches!(args.serial.len(), 0 | 1) && args.serial.len() != paths.len() {
        bail!(
            "--serial is given {} times for {} inputs: give it once, or once per input",
            args.serial.len(),
            paths.len()
        );
    }
    let given = |index: usize| args.serial.get(index).or(args.serial.first().filter(|_| args.serial.len() == 1));
    let devices: Vec<String> = paths
        .iter()
        .enumerate()
        .map(|(index, path)| given(index).cloned().unwrap_or_else(|| device_name(path)))
        .collect();
    let inputs = paths.iter().enumerate().map(|(index, path)| {
        let name = if is_stdin(path) { "stdin".to_owned() } else { path.display().to_string() };
        let id = report.add_input(&name);
        let device = &devices[index];
        let more_follows = devices[index + 1..].contains(device);
        let has_header = path.extension().is_some_and(|extension| extension == "chunks");
        Input::new(feed::Setup {
            id,
            name,
            device: device.clone(),
            is_serial: given(index).is_some(),
            more_follows,
            format: if args.follow { InputFormat::Text } else { args.input_format },
            has_header,
            join: !args.strict,
        })
    });
    Ok(inputs.collect())
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn device_name(path: &Path) -> String {
    match path.file_stem() {
        _ if is_stdin(path) => "stdin".to_owned(),
        Some(stem) => stem.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    }
}

/// Reads the inputs to their ends. True if one of them could not be read; the others are decoded all the same.
fn one_after_the_other(inputs: Vec<Input>, paths: &[PathBuf], args: &InputArgs, session: &mut Session) -> bool {
    let mut failed = false;
    for (mut input, path) in inputs.into_iter().zip(paths) {
        if session.ends() {
            break;
        }
        let result = if is_stdin(path) {
            let stdin = io::stdin();
            if stdin.is_terminal() && !args.quiet {
                session.output.report.note("reading from the terminal: paste text with MC: tokens, end with Ctrl-D");
            }
            read(stdin.lock(), &mut input, None, session)
        } else {
            open(path).and_then(|(file, len)| read(file, &mut input, progress(len, args.quiet), session))
        };
        session.output.report.set_progress(None);
        if session.output.is_broken() {
            // The rest was not read because nobody wants it: that is no damage.
            break;
        }
        // What came before a failure is decoded, and the failure is what the user has to know.
        if result.is_err() {
            input.failed();
        }
        let ended = input.end(session);
        if let Err(error) = result.and(ended) {
            let problem = format!("{}: {error:#}", input.name());
            match &mut session.refused {
                // Whoever looks for something in the inputs reports one problem, not each.
                Some(problems) => problems.push(problem),
                None => session.output.report.note(&problem),
            }
            failed = true;
        }
        session.output.flush();
    }
    failed
}

fn open(path: &Path) -> anyhow::Result<(File, u64)> {
    let file = File::open(path).context("cannot open it")?;
    let metadata = file.metadata().context("cannot read it")?;
    if metadata.is_dir() {
        bail!("this is a directory: name the files in it");
    }
    Ok((file, if metadata.is_file() { metadata.len() } else { 0 }))
}

fn read(
    mut source: impl Read,
    input: &mut Input,
    bar: Option<ProgressBar>,
    session: &mut Session,
) -> anyhow::Result<()> {
    session.output.report.set_progress(bar.clone());
    let mut block = vec![0; BLOCK_LEN];
    while !session.ends() {
        match source.read(&mut block) {
            Ok(0) => break,
            Ok(len) => {
                input.push(block.get(..len).unwrap_or_default(), session)?;
                // A reader of a live log wants to see a message when it is there.
                session.output.flush();
                if let Some(bar) = &bar {
                    bar.inc(len as u64);
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(error).context("cannot read it");
            }
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(())
}

fn progress(len: u64, quiet: bool) -> Option<ProgressBar> {
    // On a terminal the messages themselves show that it goes on.
    let wanted = len >= LARGE_FILE && !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal();
    wanted.then(|| {
        let bar = ProgressBar::new(len);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left") {
            bar.set_style(style);
        }
        bar
    })
}
