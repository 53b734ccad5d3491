//! A complete message on its way to the sink.

use super::exported::Record;
use super::recent::Recent;
use super::{Options, Sink, Stats, count, records};
use crate::chunk::Assembled;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::message::{Message, MessageError};
use crate::model::{self, Event};
use crate::rle;
use crate::symbols::Symbols;
use std::sync::Arc;

/// Most foreign serials that are reported for a device.
const MAX_OTHER_SERIALS: usize = 16;

/// Whose messages they are.
#[derive(Debug)]
pub struct Sender {
    pub name: Arc<str>,
    /// The name is the serial of the device, not only the name of its file.
    is_serial: bool,
    other_serials: Vec<String>,
    recent: Recent,
    /// Firmware of its last event: what it exports as text does not name it.
    firmware: Firmware,
}

/// Build id, software type, version.
type Firmware = [Option<String>; 3];

impl Sender {
    pub fn new(name: &str, is_serial: bool) -> Self {
        Self {
            name: name.into(),
            is_serial,
            other_serials: Vec::new(),
            recent: Recent::default(),
            firmware: Firmware::default(),
        }
    }
}

/// What all messages of a run share.
pub struct Shared<'d> {
    pub options: &'d Options,
    pub messages: &'d mut u64,
    pub stats: &'d mut Stats,
    pub symbols: &'d mut Option<Symbols>,
}

/// Takes a message apart and hands it to the sink.
pub fn deliver(assembled: Assembled<'_>, device: &mut Sender, shared: Shared<'_>, sink: &mut dyn Sink) {
    let Shared { options, messages, stats, symbols } = shared;
    let mut damaged = false;
    let mut to_sink = |level, code, text: String| {
        count(stats, level);
        // A message is corrupt once, however much there is to say about it.
        if level == Level::Error && !std::mem::replace(&mut damaged, true) {
            stats.corrupt += 1;
        }
        let first = assembled.first;
        sink.diagnostic(Diagnostic {
            level,
            code,
            device: Some(device.name.clone()),
            chunk: Some(first.chunk),
            position: Some(first.position),
            text,
        });
    };
    match Message::parse(assembled.bytes) {
        Err(MessageError::Empty) => {
            to_sink(Level::Error, Code::Truncated, "a message without any byte; dropped".to_owned());
        }
        Err(MessageError::OpenProjectKey) => {
            let text = "the project key of the message has no end; message dropped";
            to_sink(Level::Error, Code::Truncated, text.to_owned());
        }
        Ok(message) => match payload(&message, options.max_payload_len) {
            Err(error) => to_sink(Level::Error, Code::Rle, format!("{error}; message dropped")),
            Ok(payload) => {
                *messages += 1;
                let frame = records::Frame { message, assembled, number: *messages, payload };
                let duplicate_of = device.recent.same_as(assembled.bytes, *messages);
                let mut decoded = records::decode(frame, &device.name, duplicate_of, options, &mut to_sink);
                for event in decoded.record.events.iter_mut().flatten() {
                    let serial = event.device_serial.as_deref();
                    if let Some(serial) = serial.filter(|serial| device.is_serial && **serial != *device.name)
                        && !device.other_serials.iter().any(|known| known == serial)
                    {
                        device.other_serials.push(serial.to_owned());
                        device.other_serials.truncate(MAX_OTHER_SERIALS);
                        let text = format!("an event names device {serial}, the chunks are of {}", device.name);
                        to_sink(Level::Warning, Code::Serial, text);
                    }
                }
                if let Some(event) = decoded.record.events.iter().flatten().next_back() {
                    for (known, new) in device.firmware.iter_mut().zip(firmware_of(event)) {
                        known.clone_from(new);
                    }
                }
                let nameless = symbols.as_mut().map(|set| set.resolve(&mut decoded, &mut to_sink));
                stats.nameless += nameless.unwrap_or_default();
                let kind = usize::from(decoded.record.type_id);
                stats.messages[if kind < stats.messages.len() { kind } else { 0 }] += 1;
                stats.events += decoded.record.events.as_ref().map_or(0, Vec::len) as u64;
                sink.message(decoded);
            }
        },
    }
}

fn payload(message: &Message<'_>, max_len: usize) -> Result<Option<Vec<u8>>, rle::RleError> {
    message.rle.then(|| rle::decode(message.payload, max_len)).transpose()
}

fn firmware_of(event: &Event) -> [&Option<String>; 3] {
    [&event.build_id, &event.software_type, &event.software_version]
}

/// Hands a log record that was exported as text to the sink.
pub fn deliver_exported(record: Record, device: &Sender, shared: Shared<'_>, sink: &mut dyn Sink) {
    let Shared { messages, stats, symbols, .. } = shared;
    *messages += 1;
    let mut decoded = records::exported(record.bytes, record.origin, *messages, &device.name);
    if let Some(symbols) = symbols {
        // Only for the search: the record itself does not say whose it is.
        let set = |decoded: &mut super::Decoded, [build_id, software_type, software_version]: Firmware| {
            for event in decoded.record.events.iter_mut().flatten() {
                event.build_id.clone_from(&build_id);
                event.software_type.clone_from(&software_type);
                event.software_version.clone_from(&software_version);
            }
        };
        set(&mut decoded, device.firmware.clone());
        let nameless = symbols.resolve(&mut decoded, &mut |level, code, text| {
            count(stats, level);
            let position = Some(record.origin.position);
            sink.diagnostic(Diagnostic { level, code, device: Some(device.name.clone()), chunk: None, position, text });
        });
        stats.nameless += nameless;
        set(&mut decoded, Firmware::default());
    }
    stats.messages[usize::from(model::EXPORTED_LOG_TYPE)] += 1;
    stats.events += 1;
    sink.message(decoded);
}
