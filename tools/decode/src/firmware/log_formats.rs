//! Compact logs: the device stores an id and the values, the format stays in a section of the ELF (spec 30 §7, spec 80 §7.6).
//!
//! Section `log_fmt`: `LOGf`, version 1, three bytes reserved; then entries `argc;file;line;format` with a NUL, at offsets that
//! are their ids.

use super::printf;
use crate::event::lossy;
use crate::logs::{Arguments, Record};
use memchr::memchr;
use std::sync::Arc;

/// Name of the section.
pub const SECTION: &str = "log_fmt";
const MAGIC: &[u8] = b"LOGf";
const VERSION: u8 = 1;
const HEADER_LEN: usize = 8;

/// The formats of a firmware.
#[derive(Debug, Clone)]
pub struct LogFormats(Arc<[u8]>);

/// A format with its place in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: u32,
    /// Number of values.
    pub values: usize,
    /// Source file, as the compiler was given it.
    pub file: String,
    /// Source line.
    pub line: u32,
    /// For `printf`.
    pub format: String,
}

/// A record with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Source file.
    pub file: String,
    /// Source line.
    pub line: u32,
}

impl LogFormats {
    /// Takes the contents of the section.
    pub fn new(section: Arc<[u8]>) -> Result<Self, String> {
        match section.strip_prefix(MAGIC).and_then(<[u8]>::first) {
            Some(&VERSION) => Ok(Self(section)),
            Some(version) => Err(format!("its section {SECTION} has version {version}, which is not known")),
            None => Err(format!("its section {SECTION} does not begin with LOGf")),
        }
    }

    /// The entry with this id.
    pub fn entry(&self, id: u32) -> Option<Entry> {
        let start = usize::try_from(id).ok().filter(|&start| start >= HEADER_LEN)?;
        // An id in the middle of an entry is of another firmware.
        if *self.0.get(start - 1)? != 0 {
            return None;
        }
        let rest = self.0.get(start..)?;
        let entry = lossy(rest.get(..memchr(0, rest)?)?);
        let (values, rest) = entry.split_once(';')?;
        let (file, line, format) = split_place(rest)?;
        let (file, format) = (file.to_owned(), format.to_owned());
        Some(Entry { id, values: values.parse().ok()?, file, line, format })
    }

    /// All entries, by id.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let starts = (HEADER_LEN..self.0.len()).filter(|&at| self.0[at - 1] == 0 && self.0[at] != 0);
        starts.filter_map(|at| self.entry(u32::try_from(at).ok()?))
    }

    /// The text of a record; an error says why the record cannot be of this firmware.
    pub fn render(&self, record: &Record<'_>) -> Result<Rendered, String> {
        let entry = self.entry(record.id).ok_or_else(|| format!("it has no log 0x{:x}", record.id))?;
        let text = match &record.arguments {
            Arguments::TooLong(len) => format!("{} <arguments too long: {len} bytes>", entry.format),
            Arguments::Values(values) if values.len() == entry.values => printf::format(&entry.format, values),
            Arguments::Values(values) => {
                return Err(format!("its log 0x{:x} takes {} values, not {}", entry.id, entry.values, values.len()));
            }
        };
        Ok(Rendered { text, file: entry.file, line: entry.line })
    }
}

/// Splits `file;line;format` at the first place where a number stands between semicolons: file and format may hold some too.
fn split_place(text: &str) -> Option<(&str, u32, &str)> {
    text.match_indices(';').find_map(|(at, _)| {
        let (line, format) = text[at + 1..].split_once(';')?;
        let is_number = !line.is_empty() && line.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| Some((&text[..at], line.parse().ok()?, format)))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor::Value;

    fn formats() -> LogFormats {
        let section = b"LOGf\x01\0\0\x002;main.c;28;big %lld f %f\x002;a;b.c;27;water; 1;%d ml, %s\x000;x.c;9;hi\0";
        LogFormats::new(Arc::from(&section[..])).unwrap()
    }

    #[test]
    fn entries_are_found_by_their_offset() {
        let formats = formats();
        let ids: Vec<_> = formats.entries().map(|entry| (entry.id, entry.file, entry.line, entry.format)).collect();
        assert_eq!(ids.len(), 3);
        assert_eq!(ids[1], (0x22, "a;b.c".to_owned(), 27, "water; 1;%d ml, %s".to_owned()));
        assert_eq!(formats.entry(8).unwrap().format, "big %lld f %f");
        for id in [0, 7, 9, 0x23, 1000, u32::MAX] {
            assert_eq!(formats.entry(id), None, "{id}");
        }
    }

    #[test]
    fn records_of_another_firmware_are_refused() {
        let formats = formats();
        let values = |id, values: &[Value<'static>]| Record { id, arguments: Arguments::Values(values.to_vec()) };
        let rendered = formats.render(&values(0x22, &[Value::Int(250), Value::Text(b"low"[..].into())])).unwrap();
        assert_eq!((&*rendered.text, &*rendered.file, rendered.line), ("water; 1;250 ml, low", "a;b.c", 27));
        let problem = formats.render(&values(0x22, &[Value::Int(250)])).unwrap_err();
        assert_eq!(problem, "its log 0x22 takes 2 values, not 1");
        assert_eq!(formats.render(&values(0x23, &[])).unwrap_err(), "it has no log 0x23");
        let long = Record { id: 8, arguments: Arguments::TooLong(130) };
        assert_eq!(formats.render(&long).unwrap().text, "big %lld f %f <arguments too long: 130 bytes>");
    }

    #[test]
    fn another_section_of_this_name() {
        for section in [&b""[..], b"LOGf", b"LOGf\x02\0\0\0", b"text text"] {
            assert!(LogFormats::new(Arc::from(section)).is_err());
        }
    }
}
