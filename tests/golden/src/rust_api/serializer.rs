//! `memfault_rs::events::{envelope, serializer}`.

use super::Player;
use super::events::{Bench, WARNING, unix_time};
use super::options::with_envelope;
use crate::step::{Argument, Step};
use crate::vectors::{Group, Object, to_hex};
use memfault_rs::config::Config;
use memfault_rs::events::envelope::{self, TraceInfo};
use memfault_rs::events::serializer::{DropCounter, EventWriter, compute_size, encode_to_storage};
use memfault_rs::util::cbor::{Encoder, Sink};
use serde_json::{Value, json};

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    with_envelope!(group, &[], Serializer)
}

/// A store whose every call is part of the results.
struct WatchedStore<C: 'static> {
    bench: &'static Bench<C>,
    space: usize,
}

impl<C: Config> EventWriter for WatchedStore<C> {
    fn begin(&self) -> Option<usize> {
        self.bench.device.call(json!(["begin_write", self.space]));
        Some(self.space)
    }

    fn append(&self, bytes: &[u8]) -> bool {
        self.bench.device.call(json!(["append", to_hex(bytes)]));
        true
    }

    fn finish(&self, rollback: bool) {
        self.bench.device.call(json!(["finish_write", rollback]));
    }

    fn takes_joined_pieces(&self) -> bool {
        false
    }
}

struct VecSink<'a>(&'a mut Vec<u8>);

impl Sink for VecSink<'_> {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        self.0.resize(offset, 0x5A); // a gap would show
        self.0.extend_from_slice(piece);
    }
}

struct Serializer<C: Config + 'static> {
    bench: &'static Bench<C>,
    drops: DropCounter,
}

impl<C: Config + 'static> Serializer<C> {
    fn new(_: &Group) -> Self {
        Self { bench: Bench::leaked(), drops: DropCounter::new() }
    }

    fn metadata(&self, step: &Step, with_time: bool) -> Result<Value, String> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(VecSink(&mut out), step.number("buf_len")?);
        let event_type = step.number("type")?;
        let ret = if with_time {
            let time = match step.argument("time.type") {
                Some(Argument::Number(_)) => unix_time((step.number("time.type")?, step.number("time.secs")?)),
                _ => None,
            };
            envelope::encode_metadata_with_time::<C, _>(&mut encoder, event_type, time, &self.bench.device)
        } else {
            envelope::encode_metadata::<C, _>(&mut encoder, event_type, &self.bench.device)
        };
        Ok(json!({"ret": ret, "out": to_hex(&out)}))
    }
}

fn trace_info(step: &Step) -> Result<TraceInfo, String> {
    Ok(TraceInfo {
        reason_key: step.number("info.reason_key")?,
        reason_value: step.number("info.reason_value")?,
        pc: step.number("info.pc")?,
        lr: step.number("info.lr")?,
        extra_pairs: step.number("info.extra_pairs")?,
    })
}

impl<C: Config + 'static> Player for Serializer<C> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if let Some(results) = self.bench.step(step) {
            return results;
        }
        let device = &self.bench.device;
        let size = |info: &TraceInfo| {
            compute_size::<WatchedStore<C>>(|encoder| envelope::encode_trace_event::<C, _>(encoder, info, device))
        };
        let results = match step.name.as_str() {
            "encode_metadata" => self.metadata(step, false)?,
            "encode_metadata_with_time" => self.metadata(step, true)?,
            "compute_size" => json!({"ret": size(&trace_info(step)?)}),
            "check_storage_size" => {
                // As the C function does it: `EventStore::check_size` knows no kind of event that is a trial.
                let capacity: usize = step.number("capacity")?;
                device.call(json!(["get_storage_size", capacity]));
                let worst_case = size(&trace_info(step)?);
                if worst_case > capacity {
                    device.log(
                        WARNING,
                        format!("Event storage ({capacity}) smaller than largest trial event ({worst_case})"),
                    );
                }
                json!({"ret": worst_case <= capacity})
            }
            "encode_to_storage" => {
                let store = WatchedStore { bench: self.bench, space: step.number("space")? };
                let info = trace_info(step)?;
                let ret = encode_to_storage(&store, &self.drops, device, |encoder| {
                    envelope::encode_trace_event::<C, _>(encoder, &info, device)
                });
                json!({"ret": ret})
            }
            "read_drop_count" => json!({"ret": self.drops.take()}),
            _ => return step.unknown(),
        };
        Ok(device.finish(results))
    }
}
