//! What the event modules share: a device, an event storage, and ways to drain it.

use super::object;
use crate::step::{Argument, Step};
use crate::vectors::{Object, to_hex};
use memfault_rs::config::Config;
use memfault_rs::events::envelope::{BUILD_ID_LEN, DeviceInfo, Identity};
use memfault_rs::events::serializer::{DropCounter, DropLog, EventEncoder, EventWriter, encode_to_storage};
use memfault_rs::events::storage::{EventStorage, Lock};
use memfault_rs::events::store::{EventKind, EventStore};
use memfault_rs::events::trace::Platform as TracePlatform;
use memfault_rs::transport::DataSource;
use memfault_rs::transport::packetizer::{MessageType, Next, Packetizer, Platform};
use memfault_rs::util::crc16;
use memfault_rs::util::ring_buffer::Memory;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

/// Levels of log lines.
pub const WARNING: u8 = 2;
pub const ERROR: u8 = 3;
const INFO: u8 = 1;

/// Memory that each boot replaces.
#[derive(Default)]
pub struct Buffer(pub RefCell<Vec<u8>>);

impl Memory for Buffer {
    fn load(&self, at: usize, out: &mut [u8]) {
        out.copy_from_slice(&self.0.borrow()[at..at + out.len()]);
    }

    fn store(&self, at: usize, data: &[u8]) {
        self.0.borrow_mut()[at..at + data.len()].copy_from_slice(data);
    }
}

/// A lock that notices wrong use.
#[derive(Default)]
pub struct CheckedLock(Cell<u32>);

impl Lock for CheckedLock {
    fn lock(&self) {
        self.0.set(self.0.get() + 1);
    }

    fn unlock(&self) {
        self.0.set(self.0.get().checked_sub(1).expect("unlocked without a lock"));
    }
}

/// The device: hooks with a trace of their calls.
#[derive(Default)]
pub struct Device {
    serial: RefCell<Vec<u8>>,
    software_type: RefCell<Vec<u8>>,
    software_version: RefCell<Vec<u8>>,
    hardware_version: RefCell<Vec<u8>>,
    pub build_id: Cell<Option<[u8; BUILD_ID_LEN]>>,
    pub time: Cell<Option<(u32, u64)>>,
    inside_isr: Cell<bool>,
    calls: RefCell<Vec<Value>>,
    logs: RefCell<Vec<Value>>,
}

impl Device {
    pub fn call(&self, call: Value) {
        self.calls.borrow_mut().push(call);
    }

    /// What nobody looks at.
    pub fn forget_calls(&self) {
        self.calls.take();
    }

    pub fn log(&self, level: u8, text: String) {
        self.logs.borrow_mut().push(json!([level, text]));
    }

    /// Adds calls and log lines to the results of a step.
    pub fn finish(&self, mut results: Value) -> Object {
        results["calls"] = self.calls.take().into();
        results["logs"] = self.logs.take().into();
        object(results)
    }

    pub fn configure(&self, step: &Step) -> Result<(), String> {
        for (slot, key) in [
            (&self.serial, "serial"),
            (&self.software_type, "software_type"),
            (&self.software_version, "software_version"),
            (&self.hardware_version, "hardware_version"),
        ] {
            slot.replace(step.optional_bytes(key).unwrap_or_default().to_vec());
        }
        let id = step
            .optional_bytes("build_id")
            .map(|id| id.try_into().map_err(|_| "a build id has 20 bytes"))
            .transpose()?;
        self.build_id.set(id);
        self.time.set(match step.argument("time.type") {
            Some(Argument::Number(_)) => Some((step.number("time.type")?, step.number("time.secs")?)),
            _ => None,
        });
        Ok(())
    }
}

/// The time as the C layer hands it on: only Unix time is a time.
pub fn unix_time((kind, secs): (u32, u64)) -> Option<u64> {
    const UNIX_EPOCH: u32 = 1;
    (kind == UNIX_EPOCH).then_some(secs)
}

impl Identity for Device {
    fn unix_time_secs(&self) -> Option<u64> {
        self.call(json!(["time_get_current", self.time.get().is_some()]));
        self.time.get().and_then(unix_time)
    }

    fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]> {
        // Who asks may keep it as long as the device; a vector has few of them.
        self.build_id.get().map(|id| &*Box::leak(Box::new(id)))
    }

    fn device_info(&self) -> DeviceInfo<'_> {
        self.call(json!(["get_device_info"]));
        let text = |slot: &RefCell<Vec<u8>>| -> &'static [u8] { slot.borrow().clone().leak() };
        DeviceInfo {
            device_serial: text(&self.serial),
            software_type: text(&self.software_type),
            software_version: text(&self.software_version),
            hardware_version: text(&self.hardware_version),
        }
    }
}

impl TracePlatform for Device {
    fn is_inside_isr(&self) -> bool {
        self.call(json!(["is_inside_isr", self.inside_isr.get()]));
        self.inside_isr.get()
    }
}

impl DropLog for Device {
    fn event_storage_full(&self) {
        self.log(ERROR, "Event storage full".into());
    }

    fn event_saved_after_drops(&self, drops: u32) {
        self.log(INFO, format!("Event saved successfully after {drops} drops"));
    }
}

/// A device with an event storage.
pub struct Bench<C> {
    pub device: Device,
    pub storage: EventStorage<C, CheckedLock, Buffer>,
    pub drops: DropCounter,
}

impl<C: Config + 'static> Bench<C> {
    /// Stores and sources are handles without a lifetime here; a vector leaks its bench.
    pub fn leaked() -> &'static Self {
        Box::leak(Box::new(Self {
            device: Device::default(),
            storage: EventStorage::new(CheckedLock::default(), Buffer::default()),
            drops: DropCounter::new(),
        }))
    }

    /// Starts the storage with `len` bytes of its own.
    pub fn boot_storage(&self, len: usize) {
        if len == 0 {
            return self.storage.boot_without_memory();
        }
        self.storage.memory().0.replace(vec![0; len]);
        self.storage.boot(len);
    }

    /// Steps that all event modules know. `None`: another one.
    pub fn step(&'static self, step: &Step) -> Option<Result<Object, String>> {
        let results = match step.name.as_str() {
            "env" => self.device.configure(step).map(|()| json!({})),
            "set_env" => {
                self.device.inside_isr.set(false);
                self.device.configure(step).map(|()| json!({}))
            }
            "set_isr" => step.flag("v").map(|inside| {
                self.device.inside_isr.set(inside);
                json!({})
            }),
            "drain_events" => Ok(json!({"events": self.drain_events()})),
            "drain_chunks" => drain_chunks::<C, _>(step, MessageType::Event, EventSource(self)),
            _ => return None,
        };
        Some(results.map(|results| self.device.finish(results)))
    }

    fn drain_events(&self) -> Vec<String> {
        let mut events = Vec::new();
        while let Some(size) = self.storage.has_more() {
            let mut event = vec![0x5A; size];
            events.push(if self.storage.read(0, &mut event) { to_hex(&event) } else { "the read failed".into() });
            self.storage.mark_read();
        }
        events
    }
}

/// Offers buffers of the lengths that the vector shows, the last one until there is nothing more, to a device that has only
/// this source.
pub fn drain_chunks<C: Config, S: DataSource>(step: &Step, kind: MessageType, source: S) -> Result<Value, String> {
    const OTHER_LENGTH: usize = 256;
    const MAX_CHUNKS: usize = 2000; // ends a library that hands out chunks for ever
    let packetizer = Packetizer::<C, Only<S>>::new();
    let board = Only(kind, source);
    let given = step.count("lengths");
    let (mut len, mut chunks) = (OTHER_LENGTH, Vec::new());
    for index in 0..given + MAX_CHUNKS {
        if index < given {
            len = step.number(&format!("lengths.{index}"))?;
        }
        let mut buffer = vec![0x5A; len];
        if packetizer.begin(&board, false).is_none() {
            break;
        }
        let Next::EndOfChunk(filled) = packetizer.get_next(&board, &mut buffer) else { break };
        chunks.push(json!([len, to_hex(buffer.get(..filled).ok_or("the chunk is longer than the buffer")?)]));
    }
    Ok(json!({"chunks": chunks}))
}

/// The storage as the store that producers of events get.
pub struct Store<C: 'static>(pub &'static Bench<C>);

impl<C> Clone for Store<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Store<C> {}

impl<C: Config> EventWriter for Bench<C> {
    fn begin(&self) -> Option<usize> {
        self.storage.try_begin()
    }

    fn append(&self, bytes: &[u8]) -> bool {
        self.storage.append(bytes)
    }

    fn finish(&self, rollback: bool) {
        let _ = self.storage.end_session(rollback);
    }

    fn takes_joined_pieces(&self) -> bool {
        true
    }
}

impl<C: Config + 'static> EventStore for Store<C> {
    type Writer = Bench<C>;

    fn capacity(self) -> usize {
        self.0.storage.capacity()
    }

    fn store(self, encode: impl FnOnce(&mut EventEncoder<'_, Bench<C>>) -> bool) -> bool {
        encode_to_storage(self.0, &self.0.drops, &self.0.device, encode)
    }

    fn warn_too_small(self, kind: EventKind, capacity: usize, worst_case: usize) {
        let kind = match kind {
            EventKind::Trace => "trace",
            EventKind::Reboot => "reboot",
            EventKind::Metrics => "metrics",
        };
        self.0
            .device
            .log(WARNING, format!("Event storage ({capacity}) smaller than largest {kind} event ({worst_case})"));
    }
}

/// The events of a device.
struct EventSource<C: 'static>(&'static Bench<C>);

impl<C> Clone for EventSource<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for EventSource<C> {}

impl<C: Config> DataSource for EventSource<C> {
    fn has_more(self) -> Option<usize> {
        self.0.storage.has_more()
    }

    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.storage.read(offset, buf)
    }

    fn mark_read(self) {
        self.0.storage.mark_read();
    }

    fn same(self, _: Self) -> bool {
        true
    }
}

/// The sources of a device that has one.
struct Only<S>(MessageType, S);

/// A source of it: the one, or nothing.
#[derive(Clone, Copy)]
struct Maybe<S>(Option<S>);

impl<S: DataSource> DataSource for Maybe<S> {
    fn has_more(self) -> Option<usize> {
        self.0?.has_more()
    }

    fn read(self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.is_some_and(|source| source.read(offset, buf))
    }

    fn mark_read(self) {
        if let Some(source) = self.0 {
            source.mark_read();
        }
    }

    fn same(self, other: Self) -> bool {
        self.0.is_some() == other.0.is_some()
    }
}

impl<S: DataSource> Platform for Only<S> {
    type Source = Maybe<S>;

    fn source(&self, kind: MessageType) -> Maybe<S> {
        Maybe((kind == self.0).then_some(self.1))
    }

    fn rle_begin(&self, _: Maybe<S>) -> Option<Maybe<S>> {
        None
    }

    fn rle_end(&self) {}

    fn crc16(&self, crc: u16, data: &[u8]) -> u16 {
        crc16::update(crc, data)
    }

    fn read_failed(&self, _: u32, _: usize, _: u8) {}
}
