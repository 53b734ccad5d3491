use super::super::envelope::{DeviceInfo, Identity, TraceInfo, encode_trace_event, int32_kv, trace_key};
use super::super::storage::{EventStorage, Lock};
use super::super::store::testing::{Device, hex};
use super::*;
use crate::config::Defaults;
use std::cell::RefCell;
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

#[derive(Default)]
struct Pairs(Cell<usize>);
impl Lock for Pairs {
    fn lock(&self) {}
    fn unlock(&self) {
        self.0.set(self.0.get() + 1);
    }
}

type Ring<'a> = EventStorage<Defaults, Pairs, &'a [Cell<u8>]>;

/// The ring, which takes joined pieces or not, and the sizes of what it got.
struct Writer<'a> {
    ring: Ring<'a>,
    joined: bool,
    appends: RefCell<Vec<usize>>,
}

impl<'a> Writer<'a> {
    fn new(memory: &'a [Cell<u8>], joined: bool) -> Self {
        let ring = EventStorage::new(Pairs::default(), memory);
        ring.boot(memory.len());
        Self { ring, joined, appends: RefCell::default() }
    }

    fn drain(&self) -> Vec<Vec<u8>> {
        core::iter::from_fn(|| {
            let mut message = vec![0; self.ring.has_more()?];
            assert!(self.ring.read(0, &mut message));
            self.ring.mark_read();
            Some(message)
        })
        .collect()
    }
}

impl EventWriter for Writer<'_> {
    fn begin(&self) -> Option<usize> {
        self.ring.try_begin()
    }

    fn append(&self, bytes: &[u8]) -> bool {
        self.appends.borrow_mut().push(bytes.len());
        self.ring.append(bytes)
    }

    fn finish(&self, rollback: bool) {
        self.ring.end_session(rollback);
    }

    fn takes_joined_pieces(&self) -> bool {
        self.joined
    }
}

#[derive(Default)]
struct Log(RefCell<Vec<String>>);
impl DropLog for Log {
    fn event_storage_full(&self) {
        self.0.borrow_mut().push("full".into());
    }

    fn event_saved_after_drops(&self, drops: u32) {
        self.0.borrow_mut().push(format!("saved after {drops}"));
    }
}

fn cells(len: usize) -> Vec<Cell<u8>> {
    vec![Cell::new(0); len]
}

const TRACE: TraceInfo =
    TraceInfo { reason_key: trace_key::USER_REASON, reason_value: 2, pc: 0x0800_1234, lr: 0x0800_4321, extra_pairs: 1 };

fn encode(writer: &Writer<'_>, identity: &impl Identity) -> bool {
    encode_to_storage(writer, &DropCounter::new(), &Log::default(), |e| {
        encode_trace_event::<Defaults, _>(e, &TRACE, identity) && int32_kv(e, trace_key::STATUS_CODE, -1)
    })
}

#[test]
fn every_piece_is_an_append_for_a_foreign_store() {
    let memory = cells(100);
    let writer = Writer::new(&memory, false);
    assert!(encode(&writer, &Device::default()));
    let sizes = [1, 1, 1, 1, 1, 1, 1, 6, 1, 1, 5, 1, 1, 5, 1, 1, 1, 1, 1, 5, 1, 5, 1, 1];
    assert_eq!(writer.appends.take(), sizes, "spec 20 section 8.1");
}

#[test]
fn joining_pieces_changes_nothing_but_the_number_of_appends() {
    for capacity in 0..60 {
        let (one, other) = (cells(capacity), cells(capacity));
        let (pieces, joined) = (Writer::new(&one, false), Writer::new(&other, true));
        let (device_1, device_2) = (Device::default(), Device::default());
        let stored = encode(&pieces, &device_1);
        assert_eq!((encode(&joined, &device_2), stored), (stored, capacity >= 47), "{capacity}");
        assert_eq!(device_1.asked(), device_2.asked(), "{capacity}");
        assert_eq!(one, other, "{capacity}: the ring looks the same, also where an event was taken back");
        assert_eq!(pieces.drain(), joined.drain());
        assert!(joined.appends.take().len() <= 5);
    }
}

#[test]
fn a_text_longer_than_the_stage_goes_through_whole() {
    for len in 0..200 {
        let memory = cells(500);
        let writer = Writer::new(&memory, true);
        let text: Vec<u8> = (0..len).collect();
        assert!(encode_to_storage(&writer, &DropCounter::new(), &Log::default(), |e| {
            e.array(4) && e.unsigned(70_000) && e.text(&text) && e.text(&text) && e.null()
        }));
        let mut expected = Vec::new();
        struct Collect<'a>(&'a mut Vec<u8>);
        impl Sink for Collect<'_> {
            fn write(&mut self, _: usize, piece: &[u8]) {
                self.0.extend(piece);
            }
        }
        let mut e = Encoder::new(Collect(&mut expected), 1000);
        assert!(e.array(4) && e.unsigned(70_000) && e.text(&text) && e.text(&text) && e.null());
        assert_eq!(writer.drain(), [expected], "{len}");
    }
}

#[test]
fn a_trace_event_takes_few_lock_pairs() {
    let memory = cells(100);
    let writer = Writer::new(&memory, true);
    assert!(encode(&writer, &Device::default()));
    assert_eq!(writer.ring.lock_for_tests().0.get(), 6, "begin, up to the hook, 16 bytes each, finish");
}

/// Uses the SDK while it is asked who it is.
struct Nested<'a> {
    outer: &'a Writer<'a>,
    drops: &'a DropCounter,
    log: &'a Log,
    device: Device,
}

impl Identity for Nested<'_> {
    fn unix_time_secs(&self) -> Option<u64> {
        self.device.unix_time_secs()
    }

    fn build_id(&self) -> Option<&[u8; 20]> {
        self.device.build_id()
    }

    fn device_info(&self) -> DeviceInfo<'_> {
        assert_eq!(self.outer.ring.fill().used, 7, "header, map, type and version are in the ring");
        assert_eq!(self.outer.ring.has_more(), None);
        assert!(!encode_to_storage(self.outer, self.drops, self.log, |e| e.text(b"nested")));
        assert_eq!(self.outer.ring.fill().used, 7);
        self.device.device_info()
    }
}

#[test]
fn an_event_inside_of_an_event_is_refused_and_leaves_the_outer_one_alone() {
    let memory = cells(100);
    let (outer, drops, log) = (Writer::new(&memory, true), DropCounter::new(), Log::default());
    let nested = Nested { outer: &outer, drops: &drops, log: &log, device: Device::default() };
    assert!(encode_to_storage(&outer, &drops, &log, |e| encode_trace_event::<Defaults, _>(e, &TRACE, &nested)));
    let event = "a6020203010a666170702d66770965322e372e3106657265762d63 04a4 0602 021a08001234 031a08004321";
    assert_eq!(outer.drain(), [hex(event)]);
    assert_eq!(log.0.take(), ["full", "saved after 1"]);
    assert_eq!((drops.take(), drops.take()), (1, 0));
}

#[test]
fn without_room_the_time_and_the_build_id_are_asked_but_not_the_device() {
    let memory = cells(1);
    let writer = Writer::new(&memory, true);
    let device = Device::default();
    assert!(!encode(&writer, &device));
    assert_eq!(device.asked(), ["time", "build id"]);
    assert_eq!(writer.appends.take(), []);
}

#[test]
fn runs_of_drops_are_reported_at_both_ends() {
    let (drops, log) = (DropCounter::new(), Log::default());
    let record = |stored: &[bool]| stored.iter().for_each(|stored| drops.record(*stored, &log));
    record(&[true, false, false, true, true, false]);
    assert_eq!(log.0.take(), ["full", "saved after 2", "full"]);
    assert_eq!((drops.take(), drops.take()), (3, 0));
    // Nobody knows that the run goes on, so it starts again.
    record(&[false, true]);
    assert_eq!(log.0.take(), ["full", "saved after 1"]);
    assert_eq!(drops.take(), 1);
}

#[test]
fn a_log_hook_that_writes_events_itself_comes_to_an_end() {
    struct Reporting<'a>(&'a DropCounter, Cell<usize>);
    impl DropLog for Reporting<'_> {
        fn event_storage_full(&self) {
            self.1.set(self.1.get() + 1);
            self.0.record(false, self);
        }
        fn event_saved_after_drops(&self, _: u32) {
            self.1.set(self.1.get() + 1);
            self.0.record(true, self);
        }
    }
    let drops = DropCounter::new();
    let log = Reporting(&drops, Cell::new(0));
    drops.record(false, &log);
    drops.record(true, &log);
    assert_eq!((log.1.get(), drops.take()), (2, 2));
}

#[test]
fn the_size_is_that_of_the_event() {
    let encode = |e: &mut EventEncoder<'_, Writer<'_>>| {
        encode_trace_event::<Defaults, _>(e, &TRACE, &Device::default()) && int32_kv(e, trace_key::STATUS_CODE, -1)
    };
    assert_eq!(compute_size(encode), 45);
    assert_eq!(compute_size(|e: &mut EventEncoder<'_, Writer<'_>>| e.count(70_000)), 70_000);
}
