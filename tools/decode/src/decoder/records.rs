//! From a complete message to its record.

use super::{Attachment, Decoded, Options, Part};
use crate::chunk::{Assembled, Origin};
use crate::diagnostic::{Code, Level};
use crate::message::{Message, type_id, type_name};
use crate::model::{self, Binary, Coredump, MODEL_VERSION, hex};
use crate::{coredump, event, logs};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A message with what is known about its way.
pub struct Frame<'a> {
    pub message: Message<'a>,
    pub assembled: Assembled<'a>,
    pub number: u64,
    /// The payload without RLE; `None` if it had none.
    pub payload: Option<Vec<u8>>,
}

pub fn decode(
    frame: Frame<'_>,
    device: &Arc<str>,
    duplicate_of: Option<u64>,
    options: &Options,
    report: &mut dyn FnMut(Level, Code, String),
) -> Decoded {
    let Frame { message, assembled, number, payload } = frame;
    let mut record = model::Message {
        v: MODEL_VERSION,
        device: device.clone(),
        message: number,
        r#type: type_name(message.type_id),
        type_id: message.type_id,
        received_at: assembled.first.received_at_ms.and_then(rfc3339_ms),
        size: assembled.bytes.len(),
        chunks: [assembled.first.chunk, assembled.last.chunk],
        rle: message.rle,
        project_key: message.project_key.map(|key| shown_key(key, options.show_project_key)),
        duplicate_of,
        exported: false,
        events: None,
        coredump: None,
        payload: None,
    };
    let mut attachments = Vec::new();
    let is_event = matches!(message.type_id, type_id::EVENT | type_id::LOG | type_id::CDR);
    if is_event {
        let decoded = event::decode(payload.as_deref().unwrap_or(message.payload));
        for (level, text) in decoded.notes {
            report(level, Code::Cbor, format!("message {number}: {text}"));
        }
        record.events = Some(decoded.events);
        let parts = decoded.recordings.into_iter();
        attachments.extend(parts.map(|(index, bytes)| Attachment { part: Part::Recording(index), bytes }));
        return Decoded { record, attachments };
    }
    let bytes = payload.unwrap_or_else(|| message.payload.to_vec());
    if message.type_id == type_id::COREDUMP {
        record.coredump = Some(coredump::describe(&bytes).unwrap_or_else(|problem| {
            report(Level::Error, Code::Coredump, format!("message {number}: the coredump cannot be read: {problem}"));
            Coredump { warnings: vec![problem], more: Some(Default::default()), ..Coredump::default() }
        }));
    } else {
        record.events = Some(Vec::new());
        if message.type_id != type_id::MAR {
            let text = format!("message {number} has type {}, which is not known; kept as it is", message.type_id);
            report(Level::Warning, Code::UnknownType, text);
        }
    }
    record.payload = Some(Binary { size: bytes.len(), sha256: hex(&Sha256::digest(&bytes)), file: None });
    attachments.push(Attachment { part: Part::Payload, bytes });
    Decoded { record, attachments }
}

/// The record of a compact log that was exported as text.
pub fn exported(bytes: Vec<u8>, origin: Origin, number: u64, device: &Arc<str>) -> Decoded {
    let size = bytes.len();
    let event = model::Event { r#type: "logs", logs: Some(vec![logs::compact(bytes)]), ..model::Event::default() };
    let record = model::Message {
        v: MODEL_VERSION,
        device: device.clone(),
        message: number,
        r#type: type_name(model::EXPORTED_LOG_TYPE),
        type_id: model::EXPORTED_LOG_TYPE,
        received_at: origin.received_at_ms.and_then(rfc3339_ms),
        size,
        chunks: [0, 0],
        rle: false,
        project_key: None,
        duplicate_of: None,
        exported: true,
        events: Some(vec![event]),
        coredump: None,
        payload: None,
    };
    Decoded { record, attachments: Vec::new() }
}

fn rfc3339_ms(unix_ms: i64) -> Option<String> {
    jiff::Timestamp::from_millisecond(unix_ms).ok().map(|time| time.to_string())
}

/// A project key lets anybody send data into the project, so logs and tickets should not carry it (spec 80 §12).
fn shown_key(key: &[u8], in_full: bool) -> String {
    let key = String::from_utf8_lossy(key);
    let count = key.chars().count();
    let hidden = if in_full { 0 } else { count.saturating_sub(4) };
    key.chars().enumerate().map(|(index, letter)| if index < hidden { '*' } else { letter }).collect()
}
