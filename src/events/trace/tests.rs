use super::*;
use crate::config::Defaults;
use crate::events::store::testing::{Device, ENCODE, MemoryStore, event, hex};
use std::vec::Vec;

/// Of the worked examples (spec 20 §18).
const RADIO_TIMEOUT: u32 = 1;
const FLASH_CRC: u32 = 2;
const NUM_REASONS: u32 = 4;

type Traces<'a, C = Defaults> = TraceEvents<C, &'a MemoryStore, 80>;

fn booted<'a, C: Config>(store: &'a MemoryStore, device: &Device) -> Traces<'a, C> {
    let traces = Traces::<C>::new();
    assert_eq!(traces.boot(store, NUM_REASONS, device), Ok(()));
    device.asked();
    traces
}

fn plain(reason: u32, pc: u32, lr: u32) -> TraceEvent<'static> {
    TraceEvent { reason, pc, lr, detail: Detail::None }
}

fn with_log(reason: u32, pc: u32, lr: u32, log: &[u8]) -> TraceEvent<'_> {
    TraceEvent { reason, pc, lr, detail: Detail::Log(log) }
}

/// The bytes of one event captured with a configuration.
fn captured<C: Config>(device: &Device, trace: &TraceEvent<'_>) -> Vec<u8> {
    let store = MemoryStore::with_capacity(300);
    let traces = booted::<C>(&store, device);
    assert_eq!(traces.capture(trace, device), Ok(()));
    let events = store.drain();
    assert_eq!(events.len(), 1);
    events[0].clone()
}

#[test]
fn trace_events_of_the_specification() {
    let status = TraceEvent { reason: RADIO_TIMEOUT, pc: 0x10, lr: 0x200, detail: Detail::Status(-300) };
    let long_log = [b'0'; 79];
    let long_info = std::format!("04a206010858 4f{}", "30".repeat(79));
    let examples: [(TraceEvent<'_>, &str); 6] = [
        (plain(FLASH_CRC, 0x0800_1234, 0x0800_4321), "04a3 0602 021a08001234 031a08004321"),
        (plain(0, 0, 0), "04 a1 06 00"),
        (status, "04 a4 06 01 02 10 03 19 02 00 07 39 01 2b"),
        (with_log(RADIO_TIMEOUT, 0, 0x200, b"rssi=-71"), "04 a3 06 01 03 19 02 00 08 48 72 73 73 69 3d 2d 37 31"),
        (with_log(RADIO_TIMEOUT, 0, 0, b""), "04 a2 06 01 08 40"),
        (with_log(RADIO_TIMEOUT, 0, 0, &long_log), &long_info),
    ];
    for (trace, info) in &examples {
        assert_eq!(captured::<Defaults>(&Device::default(), trace), event(info), "{info}");
    }
}

#[test]
fn compact_log_goes_in_as_it_is() {
    struct Compact;
    impl Config for Compact {
        const COMPACT_LOG_ENABLE: bool = true;
    }
    let trace = with_log(RADIO_TIMEOUT, 0, 0x200, &[0x82, 0x08, 0x38, 0x46]);
    assert_eq!(captured::<Compact>(&Device::default(), &trace), event("04 a3 06 01 03 19 02 00 09 82 08 38 46"));
}

#[test]
fn envelope_options_of_the_specification() {
    struct WithSerial;
    impl Config for WithSerial {
        const EVENT_INCLUDE_DEVICE_SERIAL: bool = true;
    }
    let trace = plain(FLASH_CRC, 0x0800_1234, 0);
    let mut device = Device { unix_time_secs: Some(1_700_000_000), ..Device::default() };
    let time = "a7 02 02 03 01 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31 06 65 72 65 76 2d 63
        01 1a 65 53 f1 00 04 a2 06 02 02 1a 08 00 12 34";
    assert_eq!(captured::<Defaults>(&device, &trace), hex(time));
    device.build_id = Some(core::array::from_fn(|i| 0xa0 + i as u8));
    let build_id = "a8 02 02 03 01 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31 06 65 72 65 76 2d 63
        0b 46 a0 a1 a2 a3 a4 a5 01 1a 65 53 f1 00 04 a2 06 02 02 1a 08 00 12 34";
    assert_eq!(captured::<Defaults>(&device, &trace), hex(build_id));
    let serial = "a9 02 02 03 01 07 67 53 4e 2d 30 30 34 32 0a 66 61 70 70 2d 66 77 09 65 32 2e 37 2e 31
        06 65 72 65 76 2d 63 0b 46 a0 a1 a2 a3 a4 a5 01 1a 65 53 f1 00 04 a2 06 02 02 1a 08 00 12 34";
    assert_eq!(captured::<WithSerial>(&device, &trace), hex(serial));
}

#[test]
fn worst_case_of_the_specification() {
    let size = |num_reasons, device: &Device| worst_case_size::<Defaults, &MemoryStore>(num_reasons, device);
    let mut device = Device::default();
    assert_eq!(size(NUM_REASONS, &device), 49);
    assert_eq!(size(23, &device), 49);
    assert_eq!(size(24, &device), 50);
    assert_eq!(size(255, &device), 50);
    assert_eq!(size(256, &device), 51);
    device.asked();
    device.unix_time_secs = Some(1_700_000_000);
    assert_eq!(size(NUM_REASONS, &device), 55);
    assert_eq!(device.asked(), ENCODE);
    device.unix_time_secs = None;
    device.build_id = Some([1; 20]);
    assert_eq!(size(NUM_REASONS, &device), 57);
}

#[test]
fn boot_needs_room_for_the_largest_event() {
    let (device, small, exact) = (Device::default(), MemoryStore::with_capacity(48), MemoryStore::with_capacity(49));
    let traces = Traces::<Defaults>::new();
    assert_eq!(traces.boot(&small, NUM_REASONS, &device), Err(StorageTooSmall));
    assert_eq!(device.asked(), ENCODE);
    assert_eq!(small.reports.take(), ["Trace: 48 < 49"]);
    assert!(!traces.booted());
    assert_eq!(traces.capture(&plain(1, 0, 0), &device), Err(CaptureError::NotBooted));
    assert_eq!(device.asked(), [""; 0], "the interrupt state is not asked before boot");
    // Equality passes, although the store needs two bytes more.
    assert_eq!(traces.boot(&exact, NUM_REASONS, &device), Ok(()));
    assert!(traces.booted());
    // A later failure keeps the store that is in use.
    assert_eq!(traces.boot(&small, NUM_REASONS, &device), Err(StorageTooSmall));
    assert_eq!(traces.capture(&plain(1, 0, 0), &device), Ok(()));
    assert_eq!((exact.drain().len(), small.drain().len()), (1, 0));
}

#[test]
fn capture_asks_in_the_documented_order() {
    let (device, store) = (Device::default(), MemoryStore::with_capacity(100));
    let traces = booted::<Defaults>(&store, &device);
    assert_eq!(traces.capture(&plain(1, 2, 3), &device), Ok(()));
    assert_eq!(device.asked(), ["isr", "time", "build id", "device info"]);
    // Full: what is asked before the first item of the event, and no more.
    store.capacity.set(33 + 2);
    assert_eq!(traces.capture(&plain(1, 2, 3), &device), Err(CaptureError::NoSpace));
    assert_eq!(device.asked(), ["isr", "time", "build id"]);
    assert_eq!(store.reports.take(), ["full"]);
    store.capacity.set(100);
    assert_eq!(traces.capture(&plain(1, 2, 3), &device), Ok(()));
    assert_eq!(store.reports.take(), ["saved after 1"]);
}

#[test]
fn event_of_an_interrupt_waits_and_comes_first() {
    let (device, store) = (Device::default(), MemoryStore::with_capacity(300));
    let traces = booted::<Defaults>(&store, &device);
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&with_log(1, 1, 2, b"isr 5"), &device), Ok(()));
    // Occupied: the older event stays.
    assert_eq!(traces.capture(&plain(FLASH_CRC, 9, 9), &device), Err(CaptureError::NoSpace));
    assert_eq!(device.asked(), ["isr", "isr"]);
    assert_eq!(store.drain(), Vec::<Vec<u8>>::new());
    assert_eq!(store.reports.take(), [""; 0], "the slot does not count drops");

    device.inside_isr.set(false);
    assert_eq!(traces.capture(&plain(FLASH_CRC, 0, 0), &device), Ok(()));
    assert_eq!(device.asked(), ["isr", "time", "build id", "device info", "time", "build id", "device info"]);
    let expected = [event("04 a4 06 01 02 01 03 02 08 45 69 73 72 20 35"), event("04 a1 06 02")];
    assert_eq!(store.drain(), expected);
    // The slot is free again.
    device.inside_isr.set(true);
    let status = TraceEvent { reason: 3, pc: 0, lr: 0, detail: Detail::Status(-1) };
    assert_eq!(traces.capture(&status, &device), Ok(()));
    // A flush does not ask where it runs.
    assert_eq!(traces.flush(&device), Ok(()));
    assert_eq!(store.drain(), [event("04 a2 06 03 07 20")]);
}

#[test]
fn failed_flush_keeps_the_slot_and_refuses_the_new_event() {
    let (device, store) = (Device::default(), MemoryStore::with_capacity(100));
    let traces = booted::<Defaults>(&store, &device);
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&plain(1, 0, 0), &device), Ok(()));
    device.inside_isr.set(false);
    store.capacity.set(10);
    assert_eq!(traces.capture(&plain(2, 0, 0), &device), Err(CaptureError::NoSpace));
    assert_eq!(traces.flush(&device), Err(CaptureError::NoSpace));
    store.capacity.set(100);
    assert_eq!(traces.flush(&device), Ok(()));
    assert_eq!(traces.flush(&device), Ok(()), "nothing is left to flush");
    assert_eq!(store.drain(), [event("04 a1 06 01")]);
    assert_eq!(store.reports.take(), ["full", "saved after 2"]);
}

#[test]
fn slot_survives_a_boot_and_goes_to_the_newest_store() {
    let (device, old, new) = (Device::default(), MemoryStore::with_capacity(100), MemoryStore::with_capacity(100));
    let traces = booted::<Defaults>(&old, &device);
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&plain(1, 0, 0), &device), Ok(()));
    assert_eq!(traces.boot(&new, NUM_REASONS, &device), Ok(()));
    assert_eq!(traces.flush(&device), Ok(()));
    assert_eq!((old.drain().len(), new.drain().len()), (0, 1));
}

#[test]
fn reason_unknown_from_an_interrupt_is_lost() {
    let (device, store) = (Device::default(), MemoryStore::with_capacity(100));
    let traces = booted::<Defaults>(&store, &device);
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&plain(0, 1, 1), &device), Ok(()));
    assert_eq!(traces.flush(&device), Ok(()));
    assert_eq!(store.drain(), Vec::<Vec<u8>>::new());
    // So the slot is still free.
    assert_eq!(traces.capture(&plain(1, 0, 0), &device), Ok(()));
}

#[test]
fn log_of_an_interrupt_is_left_out_when_the_option_is_off() {
    struct NoLog;
    impl Config for NoLog {
        const TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED: bool = false;
    }
    let (device, store) = (Device::default(), MemoryStore::with_capacity(100));
    let traces = TraceEvents::<NoLog, _, 0>::new();
    assert_eq!(traces.boot(&store, NUM_REASONS, &device), Ok(()));
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&with_log(1, 0, 0, b"text"), &device), Ok(()));
    device.inside_isr.set(false);
    assert_eq!(traces.capture(&with_log(2, 0, 0, b"text"), &device), Ok(()));
    assert_eq!(store.drain(), [event("04 a1 06 01"), event("04 a2 06 02 08 44 74 65 78 74")]);
}

#[test]
fn log_that_is_longer_than_the_slot_is_cut() {
    let (device, store) = (Device::default(), MemoryStore::with_capacity(100));
    let traces = TraceEvents::<Defaults, _, 3>::new();
    assert_eq!(traces.boot(&store, NUM_REASONS, &device), Ok(()));
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&with_log(1, 0, 0, b"abcde"), &device), Ok(()));
    assert_eq!(traces.flush(&device), Ok(()));
    assert_eq!(store.drain(), [event("04 a2 06 01 08 43 61 62 63")]);
}

#[test]
fn reset_forgets_store_and_slot() {
    let (device, store) = (Device::default(), MemoryStore::with_capacity(100));
    let traces = booted::<Defaults>(&store, &device);
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&plain(1, 0, 0), &device), Ok(()));
    traces.reset();
    assert!(!traces.booted());
    assert_eq!(traces.flush(&device), Ok(()), "an empty slot is no error, booted or not");
    assert_eq!(traces.boot(&store, NUM_REASONS, &device), Ok(()));
    assert_eq!(traces.flush(&device), Ok(()));
    assert_eq!(store.drain(), Vec::<Vec<u8>>::new());
}

/// An interrupt that comes while the device info is read for an event of the slot.
#[test]
fn interrupt_during_the_flush_finds_the_slot_occupied() {
    struct Interrupted<'a, 'b> {
        device: Device,
        traces: &'a Traces<'b>,
        result: Cell<Option<Result<(), CaptureError>>>,
    }
    impl Identity for Interrupted<'_, '_> {
        fn unix_time_secs(&self) -> Option<u64> {
            None
        }
        fn build_id(&self) -> Option<&[u8; 20]> {
            None
        }
        fn device_info(&self) -> crate::events::envelope::DeviceInfo<'_> {
            self.device.inside_isr.set(true);
            self.result.set(Some(self.traces.capture(&plain(3, 7, 7), &self.device)));
            self.device.inside_isr.set(false);
            self.device.device_info()
        }
    }
    let (device, store) = (Device::default(), MemoryStore::with_capacity(100));
    let traces = booted::<Defaults>(&store, &device);
    device.inside_isr.set(true);
    assert_eq!(traces.capture(&with_log(1, 0, 0, b"abc"), &device), Ok(()));
    let interrupted = Interrupted { device: Device::default(), traces: &traces, result: Cell::new(None) };
    assert_eq!(traces.flush(&interrupted), Ok(()));
    assert_eq!(interrupted.result.get(), Some(Err(CaptureError::NoSpace)));
    assert_eq!(store.drain(), [event("04 a2 06 01 08 43 61 62 63")]);
}
