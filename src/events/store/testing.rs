//! A store and a device for the tests of those who produce events.

use super::{EventKind, EventStore};
use crate::events::envelope::{BUILD_ID_LEN, DeviceInfo, Identity};
use crate::events::serializer::{DropCounter, DropLog, EventEncoder, EventWriter, encode_to_storage};
use crate::events::trace::Platform;
use std::cell::{Cell, RefCell};
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

/// Holds events up to a number of bytes, and notes what happens.
#[derive(Default)]
pub struct MemoryStore {
    pub capacity: Cell<usize>,
    pub events: RefCell<Vec<Vec<u8>>>,
    /// Warnings and drops as text.
    pub reports: RefCell<Vec<String>>,
    open: RefCell<Vec<u8>>,
    drops: DropCounter,
}

impl MemoryStore {
    pub fn with_capacity(capacity: usize) -> Self {
        let store = Self::default();
        store.capacity.set(capacity);
        store
    }

    /// All events, oldest first; the store is empty afterwards.
    pub fn drain(&self) -> Vec<Vec<u8>> {
        self.events.take()
    }

    fn free(&self) -> usize {
        self.capacity.get().saturating_sub(self.events.borrow().iter().map(|event| event.len() + 2).sum())
    }
}

impl EventWriter for MemoryStore {
    fn begin(&self) -> Option<usize> {
        self.open.take();
        self.free().checked_sub(2)
    }

    fn append(&self, bytes: &[u8]) -> bool {
        self.open.borrow_mut().extend(bytes);
        true
    }

    fn finish(&self, rollback: bool) {
        let event = self.open.take();
        if !rollback {
            self.events.borrow_mut().push(event);
        }
    }

    fn takes_joined_pieces(&self) -> bool {
        true
    }
}

impl DropLog for MemoryStore {
    fn event_storage_full(&self) {
        self.reports.borrow_mut().push("full".into());
    }

    fn event_saved_after_drops(&self, drops: u32) {
        self.reports.borrow_mut().push(format!("saved after {drops}"));
    }
}

impl EventStore for &MemoryStore {
    type Writer = MemoryStore;

    fn capacity(self) -> usize {
        self.capacity.get()
    }

    fn store(self, encode: impl FnOnce(&mut EventEncoder<'_, MemoryStore>) -> bool) -> bool {
        encode_to_storage(self, &self.drops, self, encode)
    }

    fn warn_too_small(self, kind: EventKind, capacity: usize, worst_case: usize) {
        self.reports.borrow_mut().push(format!("{kind:?}: {capacity} < {worst_case}"));
    }
}

/// The device of the specification's worked examples (spec 20 §18), and the order in which it was asked.
#[derive(Default)]
pub struct Device {
    pub unix_time_secs: Option<u64>,
    pub build_id: Option<[u8; BUILD_ID_LEN]>,
    pub inside_isr: Cell<bool>,
    /// Taken by [`Device::asked`].
    pub asked: RefCell<Vec<&'static str>>,
}

impl Device {
    pub fn asked(&self) -> Vec<&'static str> {
        self.asked.take()
    }
}

impl Identity for Device {
    fn unix_time_secs(&self) -> Option<u64> {
        self.asked.borrow_mut().push("time");
        self.unix_time_secs
    }

    fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]> {
        self.asked.borrow_mut().push("build id");
        self.build_id.as_ref()
    }

    fn device_info(&self) -> DeviceInfo<'_> {
        self.asked.borrow_mut().push("device info");
        DeviceInfo {
            device_serial: b"SN-0042",
            software_type: b"app-fw",
            software_version: b"2.7.1",
            hardware_version: b"rev-c",
        }
    }
}

impl Platform for Device {
    fn is_inside_isr(&self) -> bool {
        self.asked.borrow_mut().push("isr");
        self.inside_isr.get()
    }
}

/// What an encode asks, and what a capture outside of an interrupt asks.
pub const ENCODE: [&str; 3] = ["time", "build id", "device info"];

/// `P` of the specification: an event without options up to its event info.
pub fn envelope() -> Vec<u8> {
    hex("a6 02 02 03 01 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31 06 65 72 65 76 2d 63")
}

/// The envelope with this event info behind it, both in hex.
pub fn event(info: &str) -> Vec<u8> {
    [envelope(), hex(info)].concat()
}

/// The bytes of a text of hex digits and spaces.
pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    assert_eq!(digits.len() % 2, 0, "{text}");
    let mut bytes = vec![];
    bytes.extend(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]));
    bytes
}
