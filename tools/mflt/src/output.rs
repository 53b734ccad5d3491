//! Messages on stdout, and their binary parts in files.

use crate::cli::OutputFormat;
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

/// The sink of a run.
pub struct Output {
    pub report: Report,
    format: OutputFormat,
    stdout: BufWriter<io::StdoutLock<'static>>,
    is_terminal: bool,
    colour: bool,
    out_dir: Option<PathBuf>,
    files: u64,
    /// The first failure; nothing is written after it.
    failure: Option<io::Error>,
    text: String,
    line: Vec<u8>,
    tables: Tables,
    /// Coredumps that are kept instead of being written.
    kept: Option<Vec<Decoded>>,
}

impl Output {
    pub fn new(format: OutputFormat, out_dir: Option<&Path>, report: Report) -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let colour = is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self {
            report,
            format,
            stdout: BufWriter::with_capacity(64 << 10, stdout.lock()),
            is_terminal,
            colour,
            out_dir: out_dir.map(Path::to_owned),
            files: 0,
            failure: None,
            text: String::new(),
            line: Vec::new(),
            tables: Tables::default(),
            kept: None,
        }
    }

    /// Keeps the coredumps and writes nothing.
    pub fn keeping(report: Report) -> Self {
        Self { kept: Some(Vec::new()), ..Self::new(OutputFormat::Json, None, report) }
    }

    /// The coredumps that were kept.
    pub fn take_kept(&mut self) -> Vec<Decoded> {
        self.kept.take().unwrap_or_default()
    }

    /// Files written so far.
    pub fn files(&self) -> u64 {
        self.files
    }

    /// Hands everything on to the reader of stdout.
    pub fn flush(&mut self) {
        if self.failure.is_none() {
            self.failure = self.stdout.flush().err();
        }
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
        match self.format {
            OutputFormat::Json => {
                // Keys and values come in small pieces: a plain buffer takes them fastest, and one look at all of it tells
                // whether any of them has to be escaped.
                self.line.clear();
                serde_json::to_writer(&mut self.line, message)?;
                self.line.push(b'\n');
                if needs_escapes(&self.line) {
                    self.line.clear();
                    json(&mut self.line, message, CompactFormatter)?;
                }
                self.stdout.write_all(&self.line)
            }
            OutputFormat::JsonlPretty => json(&mut self.stdout, message, PrettyFormatter::new()),
            OutputFormat::Text => {
                self.text.clear();
                render::message(&mut self.text, message, self.colour);
                self.stdout.write_all(self.text.as_bytes())
            }
            OutputFormat::Table => {
                self.text.clear();
                self.tables.message(&mut self.text, message, self.colour);
                self.stdout.write_all(self.text.as_bytes())
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
        if let Some(dir) = &self.out_dir {
            let parts = std::mem::take(&mut message.attachments);
            for part in &parts {
                let name = file_stem(&message.record, part.part);
                match write_file(dir, &name, "bin", &part.bytes) {
                    Ok(name) => {
                        self.files += 1;
                        message.set_file(part.part, &name);
                    }
                    Err(error) => {
                        self.failure = Some(error);
                        return;
                    }
                }
            }
        }
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
            Ok(mut file) => return file.write_all(bytes).map(|()| name).map_err(|error| named(error, &path)),
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
