//! Spec 20 chapters 7 and 8: the envelope as a list of pieces, and a storage that only counts. Trace and reboot events
//! use them.

use super::cbor::{self, Sink, integer, string};
use super::chunk::Transfer;
use golden::rust_api::object;
use golden::step::{Argument, Step};
use golden::vectors::{Group, Object, to_hex};
use serde_json::{Value, json};
use std::collections::VecDeque;

pub const DEBUG: u8 = 0;
pub const INFO: u8 = 1;
pub const WARNING: u8 = 2;
pub const ERROR: u8 = 3;
pub const HEARTBEAT: u32 = 1;
const TRACE: u32 = 2;
/// Pieces in front of the device's strings: the map's head, two keys and two values.
const BEFORE_DEVICE_INFO: usize = 5;

/// Key and value of an unsigned number.
pub fn pair(key: u32, value: u32) -> Vec<Vec<u8>> {
    vec![integer(key.into()), integer(value.into())]
}

/// What the hooks return, the options of the envelope, and the calls.
pub struct Device {
    strings: [Vec<u8>; 4],
    build_id: Option<Vec<u8>>,
    pub time: Option<(u32, u64)>,
    pub inside_isr: bool,
    serial_included: bool,
    build_id_included: bool,
    build_id_len: usize,
    pub calls: Vec<Value>,
    pub logs: Vec<Value>,
}

impl Device {
    pub fn new(group: &Group) -> Self {
        Self {
            strings: Default::default(),
            build_id: None,
            time: None,
            inside_isr: false,
            serial_included: group.number("MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL", 0) != 0,
            build_id_included: group.number("MEMFAULT_EVENT_INCLUDE_BUILD_ID", 1) != 0,
            build_id_len: group.number("MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES", 6) as usize,
            calls: Vec::new(),
            logs: Vec::new(),
        }
    }

    pub fn log(&mut self, level: u8, text: String) {
        self.logs.push(json!([level, text]));
    }

    pub fn configure(&mut self, step: &Step) -> Result<(), String> {
        for (slot, key) in
            self.strings.iter_mut().zip(["serial", "software_type", "software_version", "hardware_version"])
        {
            *slot = step.bytes(key)?.to_vec();
        }
        self.build_id = step.optional_bytes("build_id").map(<[u8]>::to_vec);
        self.time = time(step, "time")?;
        Ok(())
    }

    /// The envelope up to key 1, with the time of now.
    pub fn metadata(&mut self, sink: &mut Sink, event_type: u32) -> bool {
        self.calls.push(json!(["time_get_current", self.time.is_some()]));
        self.metadata_with_time(sink, event_type, self.time)
    }

    pub fn metadata_with_time(&mut self, sink: &mut Sink, event_type: u32, time: Option<(u32, u64)>) -> bool {
        const UNIX_TIME: u32 = 1;
        let mut strings = Vec::new();
        let [serial, software_type, software_version, hardware_version] = &self.strings;
        let serial = if self.serial_included { vec![(7, serial)] } else { Vec::new() };
        for (key, text) in serial.into_iter().chain([(10, software_type), (9, software_version), (6, hardware_version)])
        {
            strings.push((key, string(3, text)));
        }
        if let Some(id) = self.build_id.as_ref().filter(|_| self.build_id_included) {
            strings.push((11, string(2, &id[..self.build_id_len])));
        }
        if let Some((UNIX_TIME, secs)) = time {
            strings.push((1, vec![integer(i64::from(secs as u32))]));
        }
        // Type, schema version, the pairs above, and the event info that the caller adds.
        let mut pieces = vec![cbor::head(5, 3 + strings.len() as u64)];
        pieces.extend(pair(2, event_type));
        pieces.extend(pair(3, 1));
        for (key, value) in strings {
            pieces.push(integer(key));
            pieces.extend(value);
        }
        if !sink.pieces(&pieces[..BEFORE_DEVICE_INFO]) {
            return false;
        }
        self.calls.push(json!(["get_device_info"]));
        sink.pieces(&pieces[BEFORE_DEVICE_INFO..])
    }

    /// The event of a trace or a reboot: reason, pc, lr, then `rest` with `extra` pairs.
    pub fn trace_event(&mut self, sink: &mut Sink, info: &TraceInfo, rest: &[Vec<u8>]) -> bool {
        let registers = [(2, info.pc), (3, info.lr)].into_iter().filter(|(_, value)| *value != 0);
        let mut pieces = vec![integer(4), cbor::head(5, 1 + registers.clone().count() as u64 + u64::from(info.extra))];
        pieces.extend(pair(info.reason_key, info.reason));
        pieces.extend(registers.flat_map(|(key, value)| pair(key, value)));
        pieces.extend(rest.iter().cloned());
        self.metadata(sink, TRACE) && sink.pieces(&pieces)
    }
}

pub fn time(step: &Step, key: &str) -> Result<Option<(u32, u64)>, String> {
    match step.argument(&format!("{key}.type")) {
        Some(Argument::Number(_)) => {
            Ok(Some((step.number(&format!("{key}.type"))?, step.number(&format!("{key}.secs"))?)))
        }
        _ => Ok(None),
    }
}

pub struct TraceInfo {
    pub reason_key: u32,
    pub reason: u32,
    pub pc: u32,
    pub lr: u32,
    pub extra: u32,
}

/// Counts lost events.
#[derive(Default)]
pub struct Drops {
    run: u32,
    total: u32,
}

impl Drops {
    pub fn record(&mut self, stored: bool, device: &mut Device) {
        if !stored {
            if self.run == 0 {
                device.log(ERROR, "Event storage full".into());
            }
            self.run += 1;
        } else if self.run > 0 {
            device.log(INFO, format!("Event saved successfully after {} drops", self.run));
            self.total += std::mem::take(&mut self.run);
        }
    }

    pub fn take(&mut self) -> u32 {
        std::mem::take(&mut self.total) + std::mem::take(&mut self.run)
    }
}

/// A storage of so many bytes; each event takes two more than its length.
#[derive(Default)]
pub struct Storage {
    pub capacity: usize,
    events: VecDeque<Vec<u8>>,
    pub drops: Drops,
}

impl Storage {
    /// Without any memory the old storage stays.
    pub fn boot(&mut self, capacity: usize) {
        if capacity > 0 {
            self.capacity = capacity;
            self.events.clear();
        }
    }

    pub fn used(&self) -> usize {
        self.events.iter().map(|event| event.len() + 2).sum()
    }

    pub fn store(&mut self, device: &mut Device, info: &TraceInfo, rest: &[Vec<u8>]) -> bool {
        self.store_event(device, |device, sink| device.trace_event(sink, info, rest))
    }

    /// Any event: true if all of it fits.
    pub fn store_event(&mut self, device: &mut Device, encode: impl FnOnce(&mut Device, &mut Sink) -> bool) -> bool {
        let mut sink = Sink::with_room((self.capacity - self.used()).saturating_sub(2));
        let fits = encode(device, &mut sink);
        if fits {
            self.events.push_back(sink.bytes);
        }
        self.drops.record(fits, device);
        fits
    }

    /// Takes all events out, as hex digits.
    pub fn drain_events(&mut self) -> Vec<String> {
        self.events.drain(..).map(|event| to_hex(&event)).collect()
    }

    /// Warns when an empty storage could not take an event of that size.
    pub fn check(&self, device: &mut Device, kind: &str, worst_case: usize) -> bool {
        if worst_case > self.capacity {
            let capacity = self.capacity;
            device.log(WARNING, format!("Event storage ({capacity}) smaller than largest {kind} event ({worst_case})"));
        }
        worst_case <= self.capacity
    }
}

/// Steps of all event modules. `None`: another one.
pub fn common_step(step: &Step, device: &mut Device, storage: &mut Storage) -> Result<Option<Value>, String> {
    match step.name.as_str() {
        "env" => device.configure(step)?,
        "set_env" => {
            device.configure(step)?;
            device.inside_isr = false;
        }
        "set_isr" => device.inside_isr = step.flag("v")?,
        "drain_events" => {
            return Ok(Some(json!({"events": storage.drain_events()})));
        }
        "drain_chunks" => return drain_chunks(step, storage).map(Some),
        _ => return Ok(None),
    }
    Ok(Some(json!({})))
}

/// Chunks of the lengths that the step names, the last one until all is out.
fn drain_chunks(step: &Step, storage: &mut Storage) -> Result<Value, String> {
    const EVENT: u8 = 2;
    chunks(step, storage.events.drain(..).map(|event| [&[EVENT][..], &event].concat()))
}

/// The same for any messages, each with the number of its source in front.
pub fn chunks(step: &Step, messages: impl Iterator<Item = Vec<u8>>) -> Result<Value, String> {
    const OTHER_LENGTH: usize = 256;
    let given = step.count("lengths");
    let mut chunks = Vec::new();
    let mut len = OTHER_LENGTH;
    for message in messages {
        let mut transfer = Transfer { total: message.len(), ..Transfer::default() };
        loop {
            if chunks.len() < given {
                len = step.number(&format!("lengths.{}", chunks.len()))?;
            }
            let plan = transfer.plan(len).ok_or("a chunk of less than 9 bytes")?;
            let bytes = message[transfer.sent..transfer.sent + plan.count].to_vec();
            chunks.push(json!([len, to_hex(&transfer.chunk(&plan, &bytes))]));
            if plan.last {
                break;
            }
        }
    }
    Ok(json!({"chunks": chunks}))
}

/// Results with the calls and the log lines of the step.
pub fn finish(device: &mut Device, mut results: Value) -> Object {
    results["calls"] = std::mem::take(&mut device.calls).into();
    results["logs"] = std::mem::take(&mut device.logs).into();
    object(results)
}
