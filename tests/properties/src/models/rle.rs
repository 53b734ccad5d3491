//! Spec 10 chapters 9 and 10: the list of sequences of 9.1, and what follows from it.

use super::chunk::varint;
use golden::rust_api::{Player, object};
use golden::step::Step;
use golden::vectors::{Object, to_hex};
use serde_json::{Value, json};

/// `count` bytes from `start` on: a repeat of one byte, or a literal.
#[derive(Clone, Copy)]
struct Sequence {
    start: usize,
    count: usize,
    repeat: bool,
}

impl Sequence {
    fn header(self) -> Vec<u8> {
        // Zig-zag of the count, or of minus the count.
        varint((if self.repeat { 2 * self.count } else { 2 * self.count - 1 }) as u32)
    }

    fn payload_len(self) -> usize {
        if self.repeat { 1 } else { self.count }
    }

    /// How many bytes have been consumed when the sequence is complete: a repeat ends with the first other byte, a
    /// literal with the third byte of the run behind it.
    fn completed_at(self) -> usize {
        self.start + self.count + if self.repeat { 1 } else { 3 }
    }
}

fn run_length(raw: &[u8], at: usize) -> usize {
    raw[at..].iter().take_while(|byte| **byte == raw[at]).count()
}

fn sequences(raw: &[u8]) -> Vec<Sequence> {
    let mut list = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let run = run_length(raw, at);
        let sequence = if run >= 2 {
            Sequence { start: at, count: run, repeat: true }
        } else {
            let starts_long_run = |q: &usize| raw[q - 1] != raw[*q] && run_length(raw, *q) >= 3;
            let end = (at + 1..raw.len()).find(starts_long_run).unwrap_or(raw.len());
            Sequence { start: at, count: end - at, repeat: false }
        };
        at += sequence.count;
        list.push(sequence);
    }
    list
}

/// The encoded message.
pub fn encode(raw: &[u8]) -> Vec<u8> {
    let pieces =
        sequences(raw).into_iter().map(|s| [&s.header()[..], &raw[s.start..s.start + s.payload_len()]].concat());
    pieces.collect::<Vec<_>>().concat()
}

/// The module `rle`.
pub struct Encoder;

impl Player for Encoder {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let raw = step.bytes("raw")?;
        if raw.is_empty() {
            return Ok(object(json!({"consumed_of_empty": 0, "finalize_header": "00", "finalize_write_len": 0,
                "total_rle_size": 1})));
        }
        let mut results = json!({"encoded": to_hex(&encode(raw))});
        let cuts =
            (0..step.count("cuts")).map(|i| step.number(&format!("cuts.{i}"))).collect::<Result<Vec<usize>, _>>()?;
        if !cuts.is_empty() {
            results["steps"] = calls(raw, &cuts).into();
        }
        Ok(object(results))
    }
}

fn calls(raw: &[u8], cuts: &[usize]) -> Vec<Value> {
    let mut steps = Vec::new();
    let mut open = sequences(raw).into_iter().peekable();
    let (mut at, mut total) = (0, 0);
    let describe = |consumed: usize, s: Sequence, total: &mut usize| {
        *total += s.header().len() + s.payload_len();
        json!([consumed, to_hex(&s.header()), s.start, s.payload_len(), *total])
    };
    for cut in cuts {
        let end = raw.len().min(at + cut);
        while at < end {
            match open.peek().copied().filter(|s| s.completed_at() <= end) {
                Some(s) => {
                    steps.push(describe(s.completed_at() - at, s, &mut total));
                    at = s.completed_at();
                    open.next();
                }
                None => {
                    steps.push(json!([end - at, total]));
                    at = end;
                }
            }
        }
    }
    steps.extend(open.next().map(|last| describe(0, last, &mut total)));
    steps
}

/// The module `rle_source`: one message.
#[derive(Default)]
pub struct Source {
    message: Option<Vec<u8>>,
    active: bool,
    delivered: usize,
}

impl Player for Source {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let call = |call: Value| json!([call]);
        Ok(object(match step.name.as_str() {
            "init" => {
                self.message = Some(step.bytes("raw")?.to_vec());
                json!({})
            }
            "set_active" | "set_active_null" => {
                let active = step.name == "set_active";
                if active != self.active {
                    self.delivered = 0;
                }
                self.active = active;
                json!({"ret": true})
            }
            "has_more" => match &self.message {
                Some(raw) => {
                    json!({"ret": true, "size": encode(raw).len(), "calls": call(json!(["has_more", "coredump", true, raw.len()]))})
                }
                None => json!({"ret": false, "size": 4242, "calls": call(json!(["has_more", "coredump", false]))}),
            },
            "read" => {
                let (offset, len): (usize, usize) = (step.number("offset")?, step.number("len")?);
                if offset != self.delivered {
                    return Ok(object(json!({"ret": false})));
                }
                let encoded = self.message.as_deref().map(encode).unwrap_or_default();
                let bytes = encoded.get(offset..offset + len).ok_or("a read behind the end has no specified result")?;
                self.delivered += len;
                json!({"ret": true, "out": to_hex(bytes)})
            }
            "mark_read" => {
                self.message = None;
                self.delivered = 0;
                json!({"calls": call(json!(["mark", "coredump"]))})
            }
            _ => return step.unknown(),
        }))
    }
}
