//! Spec 30 chapter 8: the lines that were not sent as one message.

use super::Logs;
use super::ring::{COMPACT, SENT};
use crate::models::cbor::{Sink, head, integer, string};
use crate::models::events::chunks;
use golden::step::Step;
use golden::vectors::to_hex;
use serde_json::{Value, json};

const UNIX_TIME: u32 = 1;
/// The number of the source in front of its messages.
const LOGS: u8 = 3;
const ARRAY: u8 = 4;
const BYTES: u8 = 2;
const TEXT: u8 = 3;

/// What a trigger keeps.
#[derive(Default)]
pub struct Message {
    pub triggered: bool,
    lines: usize,
    time: Option<(u32, u64)>,
}

impl Logs {
    /// Indices of the lines in the message: without a trigger there is no limit.
    fn lines(&self) -> Vec<usize> {
        let mut lines = self.state.ring.unsent();
        if self.message.lines > 0 {
            lines.truncate(self.message.lines);
        }
        lines
    }

    /// The message; asks for the identity and takes the lock once.
    fn message(&mut self) -> Vec<u8> {
        self.locks += 1;
        let times = self.options.times;
        let mut sink = Sink::with_room(usize::MAX);
        let time = self.message.time.filter(|(kind, _)| *kind == UNIX_TIME);
        self.device.metadata_with_time(&mut sink, if times { 6 } else { 4 }, time);
        let mut pieces = vec![integer(4), head(ARRAY, (self.message.lines * if times { 3 } else { 2 }) as u64)];
        for index in self.lines() {
            let record = &self.state.ring.records[index];
            let (time, message) = if times { record.parts() } else { (0, &record.payload[..]) };
            pieces.extend(times.then(|| integer(time.into())));
            pieces.push(integer((record.header & 7).into()));
            pieces.extend(string(if record.header & COMPACT != 0 { BYTES } else { TEXT }, message));
        }
        sink.pieces(&pieces);
        sink.bytes
    }

    fn trigger(&mut self) {
        if self.message.triggered {
            return;
        }
        self.locks += 1;
        let lines = self.state.ring.unsent().len();
        if lines > 0 {
            self.device.calls.push(json!(["time_get_current", self.device.time.is_some()]));
            self.message = Message { triggered: true, lines, time: self.device.time };
        }
    }

    fn mark_read(&mut self) {
        self.locks += 2;
        for index in self.lines() {
            self.state.ring.mark(index, SENT);
        }
        self.message = Message::default();
    }

    fn read_message(&mut self, step: &Step) -> Result<Value, String> {
        let message = self.message();
        let (offset, len) = (step.number::<usize>("offset")?, step.number::<usize>("len")?);
        let part = message.get(offset.min(message.len())..).unwrap_or_default();
        Ok(if len <= part.len() { json!({"ret": true, "data": to_hex(&part[..len])}) } else { json!({"ret": false}) })
    }

    /// All of it leaves, and nobody looks at the hooks.
    fn drain(&mut self, step: &Step) -> Result<Value, String> {
        let message = self.message.triggered.then(|| {
            let message = [&[LOGS][..], &self.message()].concat();
            self.mark_read();
            message
        });
        self.device.calls.clear();
        self.locks = 0;
        chunks(step, message.into_iter())
    }

    pub fn source_step(&mut self, step: &Step) -> Result<Option<Value>, String> {
        Ok(Some(match step.name.as_str() {
            "trigger" => {
                self.trigger();
                json!({"triggered": self.message.triggered})
            }
            "has_more" if self.message.triggered => json!({"ret": true, "size": self.message().len()}),
            "has_more" => json!({"ret": false, "size": step.number::<u64>("prefill").unwrap_or(0)}),
            "read_msg" => self.read_message(step)?,
            "mark_read" => {
                self.mark_read();
                json!({})
            }
            "unsent_count" => {
                self.locks += 1;
                let unsent = self.state.ring.unsent();
                let sizes = unsent.iter().map(|index| self.state.ring.records[*index].payload.len() + 1);
                json!({"num_logs": unsent.len(), "bytes": sizes.sum::<usize>()})
            }
            "drain_chunks" => self.drain(step)?,
            _ => return Ok(None),
        }))
    }
}
