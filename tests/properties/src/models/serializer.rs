//! Spec 20 chapter 8: the serializer helper, each piece on its way to a storage.

use super::cbor::Sink;
use super::events::{Device, Storage, TraceInfo, common_step, finish, time};
use golden::rust_api::Player;
use golden::step::Step;
use golden::vectors::{Group, Object, to_hex};
use serde_json::{Value, json};

/// The module `serializer`.
pub struct Serializer {
    device: Device,
    storage: Storage,
}

impl Serializer {
    pub fn new(group: &Group) -> Self {
        Self { device: Device::new(group), storage: Storage::default() }
    }

    fn info(step: &Step) -> Result<TraceInfo, String> {
        Ok(TraceInfo {
            reason_key: step.number("info.reason_key")?,
            reason: step.number("info.reason_value")?,
            pc: step.number("info.pc")?,
            lr: step.number("info.lr")?,
            extra: step.number("info.extra_pairs")?,
        })
    }

    fn size(&mut self, step: &Step) -> Result<usize, String> {
        let mut sink = Sink::default();
        self.device.trace_event(&mut sink, &Self::info(step)?, &[]);
        Ok(sink.size)
    }

    /// Each piece is an append of its own; the device is asked for its strings in between.
    fn encode_to_storage(&mut self, step: &Step) -> Result<Value, String> {
        let space: usize = step.number("space")?;
        let mut sink = Sink::with_room(space);
        let ret = self.device.trace_event(&mut sink, &Self::info(step)?, &[]);
        let mut hooks = std::mem::take(&mut self.device.calls).into_iter();
        let mut calls = vec![json!(["begin_write", space])];
        calls.extend(hooks.next()); // the time
        for (index, (at, len)) in sink.writes.iter().enumerate() {
            if index == 5 {
                calls.extend(hooks.next());
            }
            calls.push(json!(["append", to_hex(&sink.bytes[*at..at + len])]));
        }
        calls.extend(hooks);
        calls.push(json!(["finish_write", !ret]));
        self.device.calls = calls;
        self.storage.drops.record(ret, &mut self.device);
        Ok(json!({"ret": ret}))
    }
}

impl Player for Serializer {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let results = match step.name.as_str() {
            "encode_metadata" | "encode_metadata_with_time" => {
                let mut sink = Sink::with_room(step.number("buf_len")?);
                let event_type = step.number("type")?;
                let ret = if step.name == "encode_metadata" {
                    self.device.metadata(&mut sink, event_type)
                } else {
                    self.device.metadata_with_time(&mut sink, event_type, time(step, "time")?)
                };
                json!({"ret": ret, "out": to_hex(&sink.bytes)})
            }
            "compute_size" => json!({"ret": self.size(step)?}),
            "check_storage_size" => {
                self.storage.capacity = step.number("capacity")?;
                let size = self.size(step)?;
                self.device.calls.insert(0, json!(["get_storage_size", self.storage.capacity]));
                json!({"ret": self.storage.check(&mut self.device, "trial", size)})
            }
            "encode_to_storage" => self.encode_to_storage(step)?,
            "read_drop_count" => json!({"ret": self.storage.drops.take()}),
            _ => match common_step(step, &mut self.device, &mut self.storage)? {
                Some(results) => results,
                None => return step.unknown(),
            },
        };
        Ok(finish(&mut self.device, results))
    }
}
