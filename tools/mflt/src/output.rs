//! Messages on stdout, and their binary parts in files.

use crate::cli::OutputFormat;
use crate::filter::Filter;
use crate::render;
use crate::report::Report;
use crate::table::Tables;
use memchr::memchr2;
use memfault_decode::decoder::{Decoded, Part, Sink};
use memfault_decode::model::Message;
use memfault_decode::{Code, Diagnostic};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

/// What is written, and in which form.
pub struct Shape<'a> {
    pub style: Style,
    /// Directory for binary data.
    pub out: Option<&'a Path>,
    /// One kind of data only.
    pub only: Option<Filter>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Json,
    JsonlPretty,
    Text,
    Table,
    /// Only of one kind of data.
    Csv,
}

impl From<OutputFormat> for Style {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Json => Style::Json,
            OutputFormat::JsonlPretty => Style::JsonlPretty,
            OutputFormat::Text => Style::Text,
            OutputFormat::Table => Style::Table,
        }
    }
}

/// Files of binary data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Files {
    pub written: u64,
    pub failed: u64,
}

/// What has no names because nobody named a firmware.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unnamed {
    /// Lines of compact logs.
    pub lines: u64,
    /// Heartbeats and sessions.
    pub metrics: u64,
}

impl Unnamed {
    fn count(&mut self, message: &Message) {
        for event in message.events.iter().flatten().filter(|event| event.symbols.is_none()) {
            self.lines += event.logs.iter().flatten().filter(|line| line.raw.is_some()).count() as u64;
            self.metrics += u64::from(event.heartbeat.as_ref().is_some_and(|heartbeat| heartbeat.resolved == "none"));
        }
    }
}

/// The sink of a run.
pub struct Output {
    pub report: Report,
    style: Style,
    only: Option<Filter>,
    stdout: BufWriter<io::StdoutLock<'static>>,
    is_terminal: bool,
    colour: bool,
    out_dir: Option<PathBuf>,
    files: Files,
    unnamed: Unnamed,
    /// The first failure; nothing is written after it.
    failure: Option<io::Error>,
    text: String,
    line: Vec<u8>,
    tables: Tables,
    /// Coredumps that are kept instead of being written.
    kept: Option<Vec<Decoded>>,
}

impl Output {
    pub fn new(shape: Shape<'_>, report: Report) -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let colour = is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            report,
            style: shape.style,
            only: shape.only,
            stdout: BufWriter::with_capacity(64 << 10, stdout.lock()),
            is_terminal,
            colour,
            out_dir: shape.out.map(Path::to_owned),
            files: Files::default(),
            unnamed: Unnamed::default(),
            failure: None,
            text: String::new(),
            line: Vec::new(),
            tables: Tables::default(),
            kept: None,
        }
    }

    /// Keeps the coredumps and writes nothing.
    pub fn keeping(report: Report) -> Self {
        Self { kept: Some(Vec::new()), ..Self::new(Shape { style: Style::Json, out: None, only: None }, report) }
    }

    /// The coredumps that were kept.
    pub fn take_kept(&mut self) -> Vec<Decoded> {
        self.kept.take().unwrap_or_default()
    }

    /// Files so far.
    pub fn files(&self) -> Files {
        self.files
    }

    /// What has no names because nobody named a firmware.
    pub fn unnamed(&self) -> Unnamed {
        self.unnamed
    }

    /// Hands everything on to the reader of stdout.
    pub fn flush(&mut self) {
        if self.failure.is_none() {
            self.failure = self.stdout.flush().err();
        }
    }

    /// Ends the output. Gives what there was not, if it should only be that.
    pub fn finish(&mut self) -> Option<&'static str> {
        if let (Some(only), Style::Csv, None) = (&mut self.only, self.style, &self.failure) {
            self.text.clear();
            only.csv(&mut self.text, None);
            self.failure = self.stdout.write_all(self.text.as_bytes()).err();
        }
        self.flush();
        self.only.as_ref()?.missing()
    }

    /// True when there is no point in going on.
    pub fn is_broken(&self) -> bool {
        self.failure.is_some()
    }

    /// The failure, unless it is a reader that has seen enough (`mflt decode | head`).
    pub fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take().filter(|error| error.kind() != ErrorKind::BrokenPipe)
    }

    fn write(&mut self, message: &Message) -> io::Result<()> {
        match self.style {
            Style::Json => {
                // A plain buffer takes the small pieces of JSON fastest, and one look at all of it tells whether anything has to
                // be escaped.
                self.line.clear();
                serde_json::to_writer(Pieces(&mut self.line), message)?;
                self.line.push(b'\n');
                if needs_escapes(&self.line) {
                    self.line.clear();
                    json(&mut self.line, message, CompactFormatter)?;
                }
                self.stdout.write_all(&self.line)
            }
            Style::JsonlPretty => json(&mut self.stdout, message, PrettyFormatter::new()),
            Style::Text | Style::Table | Style::Csv => {
                self.text.clear();
                match (&mut self.only, self.style) {
                    (Some(only), Style::Csv) => only.csv(&mut self.text, Some(message)),
                    (Some(only), _) => only.text(&mut self.text, message, &mut self.tables, self.colour),
                    (None, Style::Table) => self.tables.message(&mut self.text, message, self.colour),
                    (None, _) => render::message(&mut self.text, message, self.colour),
                }
                self.stdout.write_all(self.text.as_bytes())
            }
        }
    }

    /// Writes the binary parts of a message. One that cannot be written costs neither the message nor the other parts.
    fn write_parts(&mut self, message: &mut Decoded) {
        let Some(dir) = &self.out_dir else { return };
        for part in std::mem::take(&mut message.attachments) {
            if self.only.as_ref().is_some_and(|only| !only.wants(&message.record, part.part)) {
                continue;
            }
            match write_file(dir, &file_stem(&message.record, part.part), "bin", &part.bytes) {
                Ok(name) => {
                    self.files.written += 1;
                    message.set_file(part.part, &name);
                }
                Err(error) => {
                    self.files.failed += 1;
                    // A full disk fails for all that follow: the summary counts them.
                    if self.files.failed == 1 {
                        self.report.note(&format!("cannot write the file {error}; decoding goes on"));
                    }
                }
            }
        }
    }
}

impl Sink for Output {
    fn message(&mut self, mut message: Decoded) {
        if self.failure.is_some() {
            return;
        }
        if let Some(kept) = &mut self.kept {
            kept.extend(message.record.coredump.is_some().then_some(message));
            return;
        }
        self.write_parts(&mut message);
        if self.only.as_mut().is_some_and(|only| !only.reduce(&mut message.record)) {
            return;
        }
        self.unnamed.count(&message.record);
        self.failure = self.write(&message.record).err();
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        // Whoever keeps coredumps says himself what is wrong with them.
        if self.kept.is_some() && diagnostic.code == Code::Coredump {
            return;
        }
        // On a terminal both streams are one text, so their order matters.
        if self.is_terminal {
            self.flush();
        }
        self.report.diagnostic(diagnostic);
    }
}

pub fn file_stem(record: &Message, part: Part) -> String {
    let number = record.message;
    match part {
        Part::Payload => format!("message-{number:06}-{}", record.r#type),
        Part::Recording(0) => format!("message-{number:06}-cdr"),
        Part::Recording(index) => format!("message-{number:06}-cdr-{}", index + 1),
    }
}

/// Writes a new file and gives its name. A file of this name with other content is from another run: it is evidence too and
/// stays.
pub fn write_file(dir: &Path, stem: &str, extension: &str, bytes: &[u8]) -> io::Result<String> {
    let named = |error: io::Error, path: &Path| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    for attempt in 1u32.. {
        let name = if attempt == 1 { format!("{stem}.{extension}") } else { format!("{stem}.{attempt}.{extension}") };
        let path = dir.join(&name);
        match File::create_new(&path) {
            Ok(mut file) => {
                return file.write_all(bytes).map(|()| name).map_err(|error| {
                    // A part of the data under this name would be taken for all of it.
                    let _ = fs::remove_file(&path);
                    named(error, &path)
                });
            }
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(named(error, &path)),
            Err(_) => {
                let same_len = fs::metadata(&path).is_ok_and(|known| known.len() == bytes.len() as u64);
                if same_len && fs::read(&path).is_ok_and(|known| known == bytes) {
                    return Ok(name);
                }
            }
        }
    }
    Err(io::Error::other("no free file name"))
}

pub fn json(out: &mut impl Write, message: &Message, formatter: impl Formatter) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Escaped(formatter));
    message.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// JSON comes in pieces of which most are one byte: a call to copy it takes longer than the byte.
struct Pieces<'l>(&'l mut Vec<u8>);

impl Write for Pieces<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece).map(|()| piece.len())
    }

    #[inline]
    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        match *piece {
            [byte] => self.0.push(byte),
            _ => self.0.extend_from_slice(piece),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// There is DEL in it, or what U+0080 to U+009F begin with in UTF-8.
fn needs_escapes(text: &[u8]) -> bool {
    memchr2(0x7f, 0xc2, text).is_some()
}

/// JSON allows DEL and the control characters U+0080 to U+009F in strings, and some terminals act on them: escape them.
struct Escaped<F>(F);

macro_rules! forward {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => { $(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$name(writer $(, $argument)*)
        }
    )* };
}

impl<F: Formatter> Formatter for Escaped<F> {
    forward! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if !needs_escapes(fragment.as_bytes()) {
            return writer.write_all(fragment.as_bytes());
        }
        for letter in fragment.chars() {
            match letter {
                '\u{7f}'..='\u{9f}' => write!(writer, "\\u{:04x}", u32::from(letter))?,
                _ => write!(writer, "{letter}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let mut out = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut out, Escaped(CompactFormatter));
        ["a\u{1b}[31m\u{9b}31m\u{7f}é\u{a0}"].serialize(&mut serializer).unwrap();
        assert_eq!(String::from_utf8(out.clone()).unwrap(), "[\"a\\u001b[31m\\u009b31m\\u007fé\u{a0}\"]");
        let back: Vec<String> = serde_json::from_slice(&out).unwrap();
        assert_eq!(back, ["a\u{1b}[31m\u{9b}31m\u{7f}é\u{a0}"]);
    }

    #[test]
    fn evidence_is_never_overwritten() {
        let dir = std::env::temp_dir().join(format!("mflt-output-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        assert_eq!(write_file(&dir, "message-000001-cdr", "bin", b"one").unwrap(), "message-000001-cdr.bin");
        assert_eq!(write_file(&dir, "message-000001-cdr", "bin", b"one").unwrap(), "message-000001-cdr.bin");
        assert_eq!(write_file(&dir, "message-000001-cdr", "bin", b"two").unwrap(), "message-000001-cdr.2.bin");
        assert_eq!(fs::read(dir.join("message-000001-cdr.bin")).unwrap(), b"one");
        fs::remove_dir_all(&dir).unwrap();
    }
}
