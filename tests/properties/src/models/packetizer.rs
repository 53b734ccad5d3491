//! Spec 10 chapters 6 and 8: which source is asked what, and what comes out.

use super::chunk::Transfer;
use super::rle;
use golden::inputs::rle_enabled;
use golden::rust_api::{Player, object};
use golden::step::Step;
use golden::vectors::{Group, Object, Setting, to_hex};
use serde_json::{Value, json};
use std::collections::VecDeque;

const SOURCES: [&str; 4] = ["coredump", "event", "log", "cdr"];
const ERROR: u8 = 3;
const SCRUB_LEN: usize = 16;

#[derive(Default)]
struct Source {
    messages: VecDeque<Vec<u8>>,
    failing_reads: u64,
}

/// The message in flight.
struct Active {
    source: usize,
    header: Vec<u8>,
    /// `Some`: the payload, run-length encoded.
    encoded: Option<Vec<u8>>,
    transfer: Transfer,
}

pub struct Packetizer {
    sources: [Source; 4],
    active: Option<Active>,
    mask: u32,
    fill: u8,
    rle: bool,
    key: Option<Vec<u8>>,
    calls: Vec<Value>,
    logs: Vec<Value>,
}

impl Packetizer {
    pub fn new(group: &Group) -> Self {
        let key = match group.option("MEMFAULT_PROJECT_KEY") {
            Some(Setting::Text(key)) if group.number("MEMFAULT_MESSAGE_HEADER_CONTAINS_PROJECT_KEY", 0) != 0 => {
                Some([key.as_bytes(), &[0]].concat())
            }
            _ => None,
        };
        Self {
            sources: Default::default(),
            active: None,
            mask: 0b1_1110,
            fill: 0,
            rle: rle_enabled(group),
            key,
            calls: Vec::new(),
            logs: Vec::new(),
        }
    }

    /// Asks the sources in their order; the first one that has something, and its size.
    fn poll(&mut self) -> Option<usize> {
        for (index, name) in SOURCES.iter().enumerate() {
            if self.mask & (1 << (index + 1)) == 0 {
                continue;
            }
            match self.sources[index].messages.front() {
                Some(message) => {
                    self.calls.push(json!(["has_more", name, true, message.len()]));
                    return Some(index);
                }
                None => self.calls.push(json!(["has_more", name, false])),
            }
        }
        None
    }

    /// True when a message is in flight afterwards.
    fn begin(&mut self, multi: bool) -> bool {
        if self.active.is_none()
            && let Some(source) = self.poll()
        {
            let raw = &self.sources[source].messages[0];
            let encoded = (source == 0 && self.rle).then(|| rle::encode(raw));
            let mut first = source as u8 + 1;
            first |= if self.key.is_some() { 0x40 } else { 0 };
            first |= if encoded.is_some() { 0x80 } else { 0 };
            let header = [&[first][..], self.key.as_deref().unwrap_or(&[])].concat();
            let total = header.len() + encoded.as_ref().unwrap_or(raw).len();
            self.active =
                Some(Active { source, header, encoded, transfer: Transfer { total, multi, ..Transfer::default() } });
        }
        self.active.is_some()
    }

    /// Reads message bytes; what a failed read leaves is part of the message.
    fn read(&mut self, offset: usize, count: usize) -> Vec<u8> {
        let Some(active) = &self.active else { return Vec::new() };
        let from_header = count.min(active.header.len().saturating_sub(offset));
        let mut bytes = active.header.get(offset..offset + from_header).unwrap_or(&[]).to_vec();
        let len = count - from_header;
        if len == 0 {
            return bytes;
        }
        let at = offset + from_header - active.header.len();
        if let Some(encoded) = &active.encoded {
            bytes.extend(&encoded[at..at + len]); // how it reads the coredump for that is its own business
            return bytes;
        }
        let source = &mut self.sources[active.source];
        let ok = source.failing_reads == 0;
        self.calls.push(json!(["read", SOURCES[active.source], at, len, ok]));
        if ok {
            bytes.extend(&source.messages[0][at..at + len]);
        } else {
            source.failing_reads -= 1;
            self.logs.push(ERROR.into());
            bytes.extend((0..len).map(|i| if i < SCRUB_LEN { 0xef } else { self.fill }));
        }
        bytes
    }

    /// (status, chunk); no chunk: the length stays, or is 0 when the buffer is too small.
    fn get_next(&mut self, len: usize) -> (u8, Option<Vec<u8>>, usize) {
        let Some(active) = &self.active else { return (0, None, len) };
        let Some(plan) = active.transfer.plan(len) else {
            self.logs.push(ERROR.into());
            return (0, None, 0);
        };
        let bytes = self.read(active.transfer.sent, plan.count);
        let Some(active) = &mut self.active else { return (0, None, len) };
        let chunk = active.transfer.chunk(&plan, &bytes);
        let status = if !plan.last && active.transfer.multi { 2 } else { 1 };
        if plan.last {
            self.calls.push(json!(["mark", SOURCES[active.source]]));
            self.sources[active.source].messages.pop_front();
            self.active = None;
        }
        let len = chunk.len();
        (status, Some(chunk), len)
    }

    fn produce(&mut self, len: usize, whole_chunk: bool) -> Value {
        if whole_chunk && !self.begin(false) {
            return json!({"ret": false, "len": len});
        }
        let (status, chunk, len) = self.get_next(len);
        if whole_chunk && status != 1 {
            self.logs.push(ERROR.into());
        }
        let ret = if whole_chunk { Value::from(status == 1) } else { Value::from(status) };
        let mut results = json!({"ret": ret, "len": len});
        if let Some(chunk) = chunk {
            results["out"] = to_hex(&chunk).into();
        }
        results
    }

    fn source(&mut self, step: &Step) -> Result<&mut Source, String> {
        let name = step.text("source")?;
        let index = SOURCES.iter().position(|source| *source == name).ok_or("unknown source")?;
        Ok(&mut self.sources[index])
    }

    fn operation(&mut self, step: &Step) -> Result<Value, String> {
        Ok(match step.name.as_str() {
            "init" => {
                self.fill = step.number("fill")?;
                for (index, source) in self.sources.iter_mut().enumerate() {
                    for message in 0..step.count(&format!("sources.{index}")) {
                        source.messages.push_back(step.bytes(&format!("sources.{index}.{message}"))?.to_vec());
                    }
                }
                json!({})
            }
            "get_chunk" => self.produce(step.number("L")?, true),
            "get_next" => self.produce(step.number("L")?, false),
            "begin" => {
                let ret = self.begin(step.flag("multi")?);
                let transfer = self.active.as_ref().map(|active| active.transfer.clone()).unwrap_or_default();
                let single = if ret { transfer.total + 3 } else { 0 };
                json!({"ret": ret, "in_progress": transfer.sent != 0, "single": single})
            }
            "data_available" => json!({"ret": self.active.is_some() || self.poll().is_some()}),
            "abort" => {
                self.active = None;
                json!({})
            }
            "set_active_sources" => {
                self.active = None;
                self.mask = step.number("mask")?;
                json!({})
            }
            "add" => {
                let message = step.bytes("msg")?.to_vec();
                self.source(step)?.messages.push_back(message);
                json!({})
            }
            "fail_reads" => {
                let count: u64 = step.number("count")?;
                self.source(step)?.failing_reads += count;
                json!({})
            }
            "get_chunk_null_buf" | "get_chunk_null_len" => {
                if self.begin(false) {
                    self.logs = vec![ERROR.into(), ERROR.into()];
                }
                let mut results = json!({"ret": false});
                if let Ok(len) = step.number::<u64>("L") {
                    results["len"] = len.into();
                }
                results
            }
            "get_next_null_buf" | "get_next_null_len" => {
                self.logs.push(ERROR.into());
                let mut results = json!({"ret": 0});
                if let Ok(len) = step.number::<u64>("L") {
                    results["len"] = len.into();
                }
                results
            }
            "begin_null_cfg" | "begin_null_meta" => {
                self.logs.push(ERROR.into());
                json!({"ret": false})
            }
            _ => return step.unknown(),
        })
    }
}

impl Player for Packetizer {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = self.operation(step)?;
        results["calls"] = std::mem::take(&mut self.calls).into();
        results["logs"] = std::mem::take(&mut self.logs).into();
        Ok(object(results))
    }
}
