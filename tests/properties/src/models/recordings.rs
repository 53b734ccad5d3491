//! Spec 30 chapter 10: custom data recordings, with the repairs that docs/differences.md lists.

use super::cbor::{Sink, head, integer, string};
use super::events::{Device, ERROR, chunks, common_step, finish, pair};
use golden::rust_api::Player;
use golden::step::{Argument, Step};
use golden::vectors::{Group, Object, to_hex};
use serde_json::{Value, json};
use std::collections::VecDeque;

const CDR: u32 = 5;
/// The number of the source in front of its messages.
const CDR_SOURCE: u8 = 4;
const UNIX_TIME: u32 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

#[derive(Clone)]
struct Recording {
    start: Option<u64>,
    duration: u32,
    mimetypes: Vec<Vec<u8>>,
    reason: Vec<u8>,
    data: Vec<u8>,
}

#[derive(Default)]
struct Source {
    recordings: VecDeque<Recording>,
    reads_fail: bool,
}

/// The module `cdr`.
pub struct Recordings {
    device: Device,
    places: usize,
    room: usize,
    sources: Vec<Source>,
    /// Numbers of sources, in the order of registration.
    registered: Vec<usize>,
    /// The place of the source whose recording is on its way.
    active: Option<usize>,
    /// The place where the next poll begins: behind a recording whose header did not fit.
    first_place: usize,
    header: Vec<u8>,
}

impl Recordings {
    pub fn new(group: &Group) -> Self {
        Self {
            device: Device::new(group),
            places: group.number("MEMFAULT_CDR_MAX_DATA_SOURCES", 4) as usize,
            room: group.number("MEMFAULT_CDR_MAX_ENCODED_METADATA_LEN", 128) as usize,
            sources: Vec::new(),
            registered: Vec::new(),
            active: None,
            first_place: 0,
            header: Vec::new(),
        }
    }

    fn init(&mut self, step: &Step) -> Result<Value, String> {
        for source in 0..step.count("sources") {
            let mut recordings = VecDeque::new();
            for number in 0..step.count(&format!("sources.{source}")) {
                let key = |field: &str| format!("sources.{source}.{number}.{field}");
                let mimetypes = 0..step.count(&key("mimetypes"));
                recordings.push_back(Recording {
                    start: match step.argument(&key("start_time")) {
                        Some(Argument::Number(_)) => Some(step.number(&key("start_time"))?),
                        _ => None,
                    },
                    duration: step.number(&key("duration_ms"))?,
                    mimetypes: mimetypes
                        .map(|i| step.bytes(&key(&format!("mimetypes.{i}"))).map(<[u8]>::to_vec))
                        .collect::<Result<_, _>>()?,
                    reason: step.bytes(&key("reason"))?.to_vec(),
                    data: step.bytes(&key("data"))?.to_vec(),
                });
            }
            self.sources.push(Source { recordings, reads_fail: false });
        }
        Ok(json!({}))
    }

    fn register(&mut self, source: usize) -> bool {
        let fits = self.registered.len() < self.places;
        if fits {
            self.registered.push(source);
        } else {
            self.device.log(ERROR, format!("Memfault Cdr Register is full, {} entries", self.places));
        }
        fits
    }

    fn recording(&self, place: usize) -> Option<&Recording> {
        self.sources[self.registered[place]].recordings.front()
    }

    /// The size of the message, if there is one.
    fn poll(&mut self) -> Option<usize> {
        if self.active.is_none() {
            for place in std::mem::take(&mut self.first_place)..self.registered.len() {
                let found = self.recording(place).is_some();
                self.device.calls.push(json!(["has_cdr", self.registered[place], found]));
                if found {
                    self.active = Some(place);
                    break;
                }
            }
        }
        let place = self.active?;
        let recording = self.recording(place)?.clone();
        let mut sink = Sink::with_room(self.room);
        let time = recording.start.map(|secs| (UNIX_TIME, secs));
        let mut pieces = vec![integer(4), head(MAP, 4)];
        pieces.extend(pair(1, recording.duration));
        pieces.extend([integer(2), head(ARRAY, recording.mimetypes.len() as u64)]);
        pieces.extend(recording.mimetypes.iter().flat_map(|text| string(TEXT, text)));
        pieces.push(integer(3));
        pieces.extend(string(TEXT, &recording.reason));
        pieces.extend([integer(4), head(BYTES, recording.data.len() as u64)]);
        if !(self.device.metadata_with_time(&mut sink, CDR, time) && sink.pieces(&pieces)) {
            const TEXT: &str = "Not enough storage to serialized CDR, increase MEMFAULT_CDR_MAX_ENCODED_METADATA_LEN";
            self.device.log(ERROR, TEXT.into());
            self.active = None;
            self.first_place = place + 1;
            return None;
        }
        self.header = sink.bytes;
        Some(self.header.len() + recording.data.len())
    }

    fn read(&mut self, offset: usize, len: usize) -> Value {
        let failed = json!({"ret": false});
        let Some(place) = self.active else { return failed };
        let number = self.registered[place];
        let Some(recording) = self.recording(place) else { return failed };
        let whole = [&self.header[..], &recording.data].concat();
        let Some(part) = offset.checked_add(len).and_then(|end| whole.get(offset..end)) else { return failed };
        let results = json!({"ret": true, "data": to_hex(part)});
        let head_len = self.header.len();
        if offset < head_len && offset + len <= head_len {
            return results;
        }
        let ok = !self.sources[number].reads_fail;
        let (from, to) = (offset.max(head_len), offset + len);
        self.device.calls.push(json!(["read_data", number, from - head_len, to - from, ok]));
        if ok { results } else { failed }
    }

    fn mark_read(&mut self) {
        if let Some(place) = self.active.take() {
            let number = self.registered[place];
            self.device.calls.push(json!(["mark_cdr_read", number]));
            self.sources[number].recordings.pop_front();
            self.sources[number].reads_fail = false;
            self.first_place = 0;
        }
    }

    /// Nobody looks at the hooks.
    fn drain(&mut self, step: &Step) -> Result<Value, String> {
        let mut messages = Vec::new();
        while let Some(size) = self.poll() {
            let place = self.active.ok_or("no source")?;
            let data = &self.recording(place).ok_or("no recording")?.data;
            let message = [&[CDR_SOURCE][..], &self.header, data].concat();
            assert_eq!(message.len(), size + 1);
            messages.push(message);
            self.mark_read();
        }
        self.device.calls.clear();
        chunks(step, messages.into_iter())
    }
}

impl Player for Recordings {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let results = match step.name.as_str() {
            "init" => self.init(step)?,
            "register" => json!({"ret": self.register(step.number("source")?)}),
            "has_more" => match self.poll() {
                Some(size) => json!({"ret": true, "size": size}),
                None => json!({"ret": false, "size": step.number::<u64>("prefill").unwrap_or(0)}),
            },
            "read" => self.read(step.number("offset")?, step.number("len")?),
            "mark_read" => {
                self.mark_read();
                json!({})
            }
            "fail_reads" => {
                let source: usize = step.number("source")?;
                self.sources[source].reads_fail = step.flag("v")?;
                json!({})
            }
            "drain_chunks" => self.drain(step)?,
            _ => match common_step(step, &mut self.device, &mut Default::default())? {
                Some(results) => results,
                None => return step.unknown(),
            },
        };
        Ok(finish(&mut self.device, results))
    }
}
