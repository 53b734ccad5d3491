//! The whole way from chunks to records, for many devices at once (spec 80 §7.3 to §7.5).
//!
//! The caller opens a device per stream of chunks, pushes chunks (or text that holds them) in the order in which they came, and
//! gets messages and diagnostics through its [`Sink`].

mod deliver;
mod exported;
mod recent;
mod records;

use crate::chunk::{Assembled, CutBy, DEFAULT_MAX_MESSAGE_LEN, Note, Origin, Reassembler};
use crate::crc::crc16;
use crate::diagnostic::{Code, Diagnostic, Level, Position};
use crate::message::type_id;
use crate::model;
use crate::symbols::Symbols;
use crate::tokens::{Found, Kind, Scanner};
use deliver::{Sender, Shared, deliver, deliver_exported};
use exported::{Event, Exported};
use std::sync::Arc;

/// What may be chosen.
#[derive(Debug, Clone)]
pub struct Options {
    /// Longest message, in bytes.
    pub max_message_len: usize,
    /// Longest payload after undoing RLE, in bytes.
    pub max_payload_len: usize,
    /// Most bytes held in open messages of all devices; above that the oldest is dropped.
    pub max_open_bytes: usize,
    /// The transport pads packets to a fixed size: recover single-chunk messages by taking padding off.
    pub padded: bool,
    /// Show project keys in full.
    pub show_project_key: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_message_len: DEFAULT_MAX_MESSAGE_LEN,
            max_payload_len: DEFAULT_MAX_MESSAGE_LEN,
            max_open_bytes: 1 << 30,
            padded: false,
            show_project_key: false,
        }
    }
}

/// Where results go.
pub trait Sink {
    /// A message is complete and its CRC is right.
    fn message(&mut self, message: Decoded);
    /// Something is wrong, or worth knowing.
    fn diagnostic(&mut self, diagnostic: Diagnostic);
}

/// A decoded message.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The record for the JSON output.
    pub record: model::Message,
    /// Binary data that the record only describes.
    pub attachments: Vec<Attachment>,
}

/// Binary data of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub part: Part,
    /// The data, RLE undone.
    pub bytes: Vec<u8>,
}

/// The part of a message that an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of the payload: coredump, MAR archive, unknown type.
    Payload,
    /// The recorded data of the event with this index.
    Recording(usize),
}

impl Decoded {
    /// Notes in the record that a part of it was written to a file.
    pub fn set_file(&mut self, part: Part, name: &str) {
        let file = Some(name.to_owned());
        match part {
            Part::Payload => {
                if let Some(dump) = &mut self.record.coredump {
                    dump.more().files.raw.clone_from(&file);
                }
                if let Some(payload) = &mut self.record.payload {
                    payload.file = file;
                }
            }
            Part::Recording(index) => {
                let event = self.record.events.as_mut().and_then(|events| events.get_mut(index));
                if let Some(cdr) = event.and_then(|event| event.cdr.as_mut()) {
                    cdr.file = file;
                }
            }
        }
    }
}

/// Counts of one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Chunks taken.
    pub chunks: u64,
    /// Their bytes.
    pub chunk_bytes: u64,
    /// Complete messages by type 0 to 5; the first one counts unknown types.
    pub messages: [u64; 6],
    /// Events in them.
    pub events: u64,
    /// Messages of which a part is missing. Messages that are missing as a whole leave no trace at this layer.
    pub lost: u64,
    /// Chunks, tokens and messages whose bytes are wrong.
    pub corrupt: u64,
    /// Chunks that were there before.
    pub repeated: u64,
    /// Diagnostics of level error: data is missing.
    pub errors: u64,
    /// Diagnostics of level warning.
    pub warnings: u64,
    /// Events and coredumps whose numbers have no names, although symbols were given.
    pub nameless: u64,
}

/// Names a device of a [`Decoder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceId(usize);

#[derive(Debug)]
struct Device {
    sender: Sender,
    chunks: u64,
    reassembler: Reassembler,
    exported: Exported,
}

/// Decodes the chunks of any number of devices.
#[derive(Debug)]
pub struct Decoder {
    options: Options,
    devices: Vec<Device>,
    messages: u64,
    open_bytes: usize,
    stats: Stats,
    notes: Vec<Note>,
    symbols: Option<Symbols>,
}

impl Decoder {
    /// Starts a run.
    pub fn new(options: Options) -> Self {
        let (devices, notes) = (Vec::new(), Vec::new());
        Self { options, devices, messages: 0, open_bytes: 0, stats: Stats::default(), notes, symbols: None }
    }

    /// Takes names from these firmwares from now on.
    pub fn set_symbols(&mut self, symbols: Symbols) {
        self.symbols = Some(symbols);
    }

    /// What has been counted.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// The device of this name; the first call makes it. With `is_serial` its events are checked for another serial.
    pub fn device(&mut self, name: &str, is_serial: bool) -> DeviceId {
        let known = self.devices.iter().position(|device| &*device.sender.name == name);
        DeviceId(known.unwrap_or_else(|| {
            let reassembler = Reassembler::new(self.options.max_message_len, self.options.padded);
            let (sender, exported) = (Sender::new(name, is_serial), Exported::default());
            self.devices.push(Device { sender, chunks: 0, reassembler, exported });
            self.devices.len() - 1
        }))
    }

    /// Takes the next chunk of a device. `received_at_ms`: when a host first saw it, milliseconds since 1970, if known.
    pub fn chunk(
        &mut self,
        id: DeviceId,
        chunk: &[u8],
        position: Position,
        received_at_ms: Option<i64>,
        sink: &mut dyn Sink,
    ) {
        let Self { options, devices, messages, open_bytes, stats, notes, symbols } = self;
        let Some(device) = devices.get_mut(id.0) else { return };
        device.chunks += 1;
        stats.chunks += 1;
        stats.chunk_bytes += chunk.len() as u64;
        let origin = Origin { chunk: device.chunks, position, received_at_ms };
        let open_before = device.reassembler.open_bytes();
        let assembled = device.reassembler.push(chunk, origin, notes);
        // What the chunk did to earlier messages comes before the message that it completes.
        for note in notes.drain(..) {
            report(&device.sender.name, origin, note, stats, sink);
        }
        if let Some(assembled) = assembled {
            deliver(assembled, &mut device.sender, Shared { options, messages, stats, symbols }, sink);
        }
        *open_bytes = *open_bytes + device.reassembler.open_bytes() - open_before;
        self.bound_open_bytes(sink);
    }

    /// Takes a coredump as a device stored it: a message that came without chunks.
    pub fn coredump(
        &mut self,
        id: DeviceId,
        file: &[u8],
        position: Position,
        received_at_ms: Option<i64>,
        sink: &mut dyn Sink,
    ) {
        let Self { options, devices, messages, stats, symbols, .. } = self;
        let Some(device) = devices.get_mut(id.0) else { return };
        let bytes = [&[type_id::COREDUMP][..], file].concat();
        let origin = Origin { chunk: 0, position, received_at_ms };
        let assembled = Assembled { bytes: &bytes, crc: crc16(&bytes), first: origin, last: origin };
        deliver(assembled, &mut device.sender, Shared { options, messages, stats, symbols }, sink);
    }

    /// Takes the next piece of a text; `scanner` holds its state.
    pub fn text(
        &mut self,
        id: DeviceId,
        scanner: &mut Scanner,
        text: &[u8],
        received_at_ms: Option<i64>,
        sink: &mut dyn Sink,
    ) {
        scanner.push(text, &mut |found, position| self.found(id, found, position, received_at_ms, sink));
    }

    /// The text ends here; its device may go on in another one.
    pub fn end_of_text(
        &mut self,
        id: DeviceId,
        scanner: &mut Scanner,
        received_at_ms: Option<i64>,
        sink: &mut dyn Sink,
    ) {
        scanner.finish(&mut |found, position| self.found(id, found, position, received_at_ms, sink));
    }

    fn found(&mut self, id: DeviceId, found: Found<'_>, position: Position, at: Option<i64>, sink: &mut dyn Sink) {
        match found {
            Found::Token(kind, bytes) => self.token(id, kind, bytes, position, at, sink),
            Found::Joined(kind, bytes, lines) => {
                let text = format!("a token that was broken over {lines} lines was put together");
                self.outside(id, Level::Info, Code::Joined, position, text, sink);
                self.token(id, kind, bytes, position, at, sink);
            }
            Found::Damaged(reason) => self.damaged_chunk(id, position, reason, sink),
        }
    }

    fn token(
        &mut self,
        id: DeviceId,
        kind: Kind,
        bytes: &[u8],
        at: Position,
        received: Option<i64>,
        sink: &mut dyn Sink,
    ) {
        match kind {
            Kind::Chunk => self.chunk(id, bytes, at, received, sink),
            Kind::Log => {
                let origin = Origin { chunk: 0, position: at, received_at_ms: received };
                self.exported(id, |exported| exported.push(bytes, origin), sink);
            }
        }
    }

    /// Takes what the exported logs of a device give.
    fn exported(&mut self, id: DeviceId, step: impl FnOnce(&mut Exported) -> Vec<Event>, sink: &mut dyn Sink) {
        let Some(device) = self.devices.get_mut(id.0) else { return };
        for event in step(&mut device.exported) {
            let Some(device) = self.devices.get_mut(id.0) else { return };
            match event {
                Event::Record(record) => {
                    let Self { options, messages, stats, symbols, .. } = self;
                    let shared = Shared { options, messages, stats, symbols };
                    deliver_exported(record, &device.sender, shared, sink);
                }
                Event::Damage(code, at, text) => {
                    self.stats.lost += 1;
                    self.outside(id, Level::Error, code, at, text, sink);
                }
            }
        }
    }

    /// Reports a chunk that could not even be taken out of its input: a damaged token or line.
    pub fn damaged_chunk(&mut self, id: DeviceId, position: Position, reason: String, sink: &mut dyn Sink) {
        self.stats.corrupt += 1;
        self.outside(id, Level::Error, Code::BadToken, position, reason, sink);
    }

    fn outside(&mut self, id: DeviceId, level: Level, code: Code, at: Position, text: String, sink: &mut dyn Sink) {
        count(&mut self.stats, level);
        let device = self.devices.get(id.0).map(|device| device.sender.name.clone());
        sink.diagnostic(Diagnostic { level, code, device, chunk: None, position: Some(at), text });
    }

    /// No more chunks of this device will come: reports a message that is still open.
    pub fn finish(&mut self, id: DeviceId, sink: &mut dyn Sink) {
        self.exported(id, Exported::finish, sink);
        self.abandon(id, CutBy::EndOfInput, sink);
    }

    /// Gives up the open message of a device.
    pub fn abandon(&mut self, id: DeviceId, by: CutBy, sink: &mut dyn Sink) {
        let Some(device) = self.devices.get_mut(id.0) else { return };
        let Some(origin) = device.reassembler.open_since() else { return };
        self.open_bytes -= device.reassembler.open_bytes();
        device.reassembler.abandon(by, &mut self.notes);
        for note in self.notes.drain(..) {
            report(&device.sender.name, origin, note, &mut self.stats, sink);
        }
    }

    fn bound_open_bytes(&mut self, sink: &mut dyn Sink) {
        while self.open_bytes > self.options.max_open_bytes {
            let open = self.devices.iter().enumerate().filter_map(|(index, device)| {
                let since = device.reassembler.open_since()?;
                Some(((since.received_at_ms, since.position.input, since.position.offset), index))
            });
            let Some((_, oldest)) = open.min() else { return };
            self.abandon(DeviceId(oldest), CutBy::MemoryLimit, sink);
        }
    }
}

fn count(stats: &mut Stats, level: Level) {
    match level {
        Level::Error => stats.errors += 1,
        Level::Warning => stats.warnings += 1,
        Level::Info => {}
    }
}

fn report(device: &Arc<str>, origin: Origin, note: Note, stats: &mut Stats, sink: &mut dyn Sink) {
    count(stats, note.level());
    stats.lost += note.lost_messages();
    stats.corrupt += u64::from(note.is_corruption());
    stats.repeated += u64::from(note.code() == Code::Duplicate);
    sink.diagnostic(Diagnostic {
        level: note.level(),
        code: note.code(),
        device: Some(device.clone()),
        chunk: Some(origin.chunk),
        position: Some(note.position(origin.position)),
        text: note.text(),
    });
}

#[cfg(test)]
mod tests;
