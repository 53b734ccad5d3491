//! Problems and the summary on stderr.

use crate::cli::DiagnosticFormat;
use crate::output::Files;
use crate::printable::one_line;
use indicatif::ProgressBar;
use memfault_decode::{Code, Diagnostic, Level, Stats};
use serde::Serialize;
use std::collections::HashSet;
use std::io::{IsTerminal as _, Write as _};

/// Writes diagnostics as they come.
pub struct Report {
    format: DiagnosticFormat,
    quiet: bool,
    colour: bool,
    inputs: Vec<String>,
    /// Codes whose advice has been given.
    advised: HashSet<Code>,
    /// A run of chunks that belong to one loss: reported once, with its length.
    run: Option<Run>,
    progress: Option<ProgressBar>,
}

struct Run {
    first: Diagnostic,
    last: Diagnostic,
    count: u64,
}

#[derive(Serialize)]
struct JsonLine<'a> {
    #[serde(flatten)]
    diagnostic: &'a Diagnostic,
    input: Option<&'a str>,
    line: Option<u64>,
    column: Option<u64>,
    offset: Option<u64>,
}

impl Report {
    pub fn new(format: DiagnosticFormat, quiet: bool) -> Self {
        let colour =
            std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { format, quiet, colour, inputs: Vec::new(), advised: HashSet::new(), run: None, progress: None }
    }

    /// Registers an input; its number is what positions carry.
    pub fn add_input(&mut self, name: &str) -> u32 {
        self.inputs.push(name.to_owned());
        u32::try_from(self.inputs.len() - 1).unwrap_or(u32::MAX)
    }

    /// Lines go above this bar from now on.
    pub fn set_progress(&mut self, bar: Option<ProgressBar>) {
        self.progress = bar;
    }

    pub fn diagnostic(&mut self, diagnostic: Diagnostic) {
        if self.quiet && diagnostic.level == Level::Info {
            return;
        }
        if self.format == DiagnosticFormat::Json {
            return self.json(&diagnostic);
        }
        // Without its first chunk each chunk of a message is stray: one line per chunk would bury everything else.
        if diagnostic.code == Code::LostInit {
            if let Some(run) = self.run.as_mut().filter(|run| run.continues_with(&diagnostic)) {
                run.count += 1;
                run.last = diagnostic;
                return;
            }
            self.end_run();
            self.text(&diagnostic);
            self.run = Some(Run { first: diagnostic.clone(), last: diagnostic, count: 0 });
            return;
        }
        self.end_run();
        self.text(&diagnostic);
    }

    /// Says how long a run was. To be called before anything else is printed.
    pub fn end_run(&mut self) {
        let Some(run) = self.run.take().filter(|run| run.count > 0) else { return };
        let (count, chunks) = (run.count, if run.count == 1 { "chunk" } else { "chunks" });
        let text = format!("{count} more {chunks} without a first chunk dropped, up to here");
        self.text(&Diagnostic { text, ..run.last });
    }

    fn text(&mut self, diagnostic: &Diagnostic) {
        let place = self.place(diagnostic);
        let code = diagnostic.code.as_str();
        let (on, off) = match diagnostic.level {
            _ if !self.colour => ("", ""),
            Level::Error => ("\x1b[1;31m", "\x1b[0m"),
            Level::Warning => ("\x1b[1;33m", "\x1b[0m"),
            Level::Info => ("\x1b[1;36m", "\x1b[0m"),
        };
        let mut line = format!("{place}{on}{code}{off}: {}\n", one_line(&diagnostic.text));
        let advice = diagnostic.code.advice();
        if !self.quiet && !advice.is_empty() && self.advised.insert(diagnostic.code) {
            line.push_str(&format!("  hint: {advice}\n"));
        }
        self.print(&line);
    }

    fn place(&self, diagnostic: &Diagnostic) -> String {
        let Some(position) = diagnostic.position else { return String::new() };
        let name = self.input_name(position.input);
        match position.line {
            0 => format!("{name}:byte {}: ", position.offset),
            line => format!("{name}:{line}:{}: ", position.column),
        }
    }

    fn input_name(&self, input: u32) -> &str {
        self.inputs.get(input as usize).map_or("?", String::as_str)
    }

    fn json(&mut self, diagnostic: &Diagnostic) {
        let position = diagnostic.position;
        let has_lines = position.filter(|position| position.line > 0);
        let line = JsonLine {
            diagnostic,
            input: position.map(|position| self.input_name(position.input)),
            line: has_lines.map(|position| position.line),
            column: has_lines.map(|position| position.column),
            offset: position.map(|position| position.offset),
        };
        if let Ok(text) = serde_json::to_string(&line) {
            self.print(&format!("{text}\n"));
        }
    }

    /// A sentence to the user that is no diagnostic of the data.
    pub fn note(&mut self, text: &str) {
        self.end_run();
        self.print(&format!("mflt: {}\n", one_line(text)));
    }

    /// The last line.
    pub fn summary(&mut self, stats: &Stats, files: Files) {
        self.end_run();
        if !self.quiet {
            self.print(&format!("mflt: {}\n", summary(stats, files)));
        }
    }

    fn print(&self, text: &str) {
        // Nobody can be told that stderr does not work.
        let write = || drop(std::io::stderr().lock().write_all(text.as_bytes()));
        match &self.progress {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Run {
    fn continues_with(&self, next: &Diagnostic) -> bool {
        let input = |diagnostic: &Diagnostic| diagnostic.position.map(|position| position.input);
        self.first.device == next.device && input(&self.first) == input(next)
    }
}

fn summary(stats: &Stats, files: Files) -> String {
    const NAMES: [(&str, &str); 6] = [
        ("of unknown type", "of unknown type"),
        ("coredump", "coredumps"),
        ("event message", "event messages"),
        ("log", "logs"),
        ("recording", "recordings"),
        ("MAR archive", "MAR archives"),
    ];
    let counted = |count: u64, (one, many): (&str, &str)| format!("{count} {}", if count == 1 { one } else { many });
    let total: u64 = stats.messages.iter().sum();
    let mut out = counted(total, ("message", "messages"));
    let kinds = stats.messages.iter().zip(NAMES).filter(|(count, _)| **count > 0);
    let kinds: Vec<String> = kinds.map(|(&count, name)| counted(count, name)).collect();
    if !kinds.is_empty() {
        out.push_str(&format!(" ({})", kinds.join(", ")));
    }
    out.push_str(&format!(
        " from {}, {} lost, {} corrupt",
        counted(stats.chunks, ("chunk", "chunks")),
        stats.lost,
        stats.corrupt
    ));
    if stats.repeated > 0 {
        out.push_str(&format!(", {} repeated", counted(stats.repeated, ("chunk", "chunks"))));
    }
    if stats.nameless > 0 {
        out.push_str(&format!(", {} without names", counted(stats.nameless, ("record", "records"))));
    }
    for (count, what) in [(files.written, "written"), (files.failed, "not written")] {
        if count > 0 {
            out.push_str(&format!(", {} {what}", counted(count, ("file", "files"))));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_what_there_is() {
        let stats = Stats { chunks: 1, lost: 2, corrupt: 3, ..Stats::default() };
        assert_eq!(summary(&stats, Files::default()), "0 messages from 1 chunk, 2 lost, 3 corrupt");
        let stats = Stats { chunks: 9, messages: [0, 1, 2, 0, 0, 0], repeated: 1, ..Stats::default() };
        assert_eq!(
            summary(&stats, Files { written: 1, failed: 2 }),
            "3 messages (1 coredump, 2 event messages) from 9 chunks, 0 lost, 0 corrupt, 1 chunk repeated, 1 file written, \
             2 files not written"
        );
    }
}
