use super::*;
use crate::config::Defaults;
use crate::events::reboot::{Backup, BootupInfo, Region, Registers};
use crate::events::store::testing::{Device, ENCODE, MemoryStore, event, hex};
use std::boxed::Box;
use std::cell::RefCell;
use std::format;
use std::string::String;
use std::vec::Vec;

struct NoBackup;
impl Backup for NoBackup {
    fn load(&self, _: &Region) {}
    fn save(&self, _: &Region) {}
}

/// Log lines as text.
#[derive(Default)]
struct Log(RefCell<Vec<String>>);

impl RebootLog for Log {
    fn no_reset_info(&self) {
        self.0.borrow_mut().push("nothing".into());
    }

    fn not_stored(&self, capacity: usize, worst_case: usize) {
        self.0.borrow_mut().push(format!("{capacity} < {worst_case}"));
    }
}

fn tracking<R: Reason>(info: Option<&BootupInfo<R>>) -> RebootTracking<'static, R> {
    let tracking = RebootTracking::new(R::from_word(0));
    tracking.boot(Some(Box::leak(Box::<Region>::default())), info, &NoBackup);
    tracking
}

fn collected<C: Config>(tracking: &RebootTracking<'_, u32>, device: &Device) -> Vec<u8> {
    let store = MemoryStore::with_capacity(300);
    assert_eq!(collect::<C, _, _>(tracking, &store, device, &Log::default()), Ok(()));
    store.drain().concat()
}

#[test]
fn events_of_the_specification() {
    let device = Device::default();
    let brown_out = tracking(Some(&BootupInfo { reset_reason_reg: 0x2400_0000, reset_reason: 0x8003 }));
    assert_eq!(collected::<Defaults>(&brown_out, &device), event("04 a3 01 19 80 03 04 1a 24 00 00 00 05 00"));
    assert_eq!(collected::<Defaults>(&tracking(None), &device), event("04 a2 01 00 05 00"));
}

#[test]
fn hard_fault_of_the_specification() {
    struct WithSerial;
    impl Config for WithSerial {
        const EVENT_INCLUDE_DEVICE_SERIAL: bool = true;
    }
    let region: &'static Region = Box::leak(Box::default());
    let mark_and_boot = || {
        let tracking = RebootTracking::new(0u32);
        tracking.boot(Some(region), None, &NoBackup);
        tracking.clear_reset_info();
        tracking.mark_reset_imminent(0x9400, Some(&Registers { pc: 0x0800_ABCD, lr: 0x0800_1111 }), &NoBackup);
        tracking.mark_coredump_saved();
        tracking.boot(Some(region), Some(&BootupInfo { reset_reason_reg: 0x1000_0000, reset_reason: 8 }), &NoBackup);
        tracking
    };
    let mut device = Device::default();
    let info = "04 a5 01 19 94 00 02 1a 08 00 ab cd 03 1a 08 00 11 11 04 1a 10 00 00 00 05 01";
    let plain = collected::<Defaults>(&mark_and_boot(), &device);
    assert_eq!(plain, event(info));
    assert_eq!(plain.len(), 53);
    device.build_id = Some(core::array::from_fn(|i| 0xa0 + i as u8));
    let full = collected::<WithSerial>(&mark_and_boot(), &device);
    assert_eq!(full.len(), 70);
    assert!(full.starts_with(&hex("a8 02 02 03 01 07 67 53 4e 2d 30 30 34 32 0a")));
    assert!(full.ends_with(&hex(&format!("0b 46 a0 a1 a2 a3 a4 a5 {info}"))));
}

#[test]
fn reason_that_was_cut_to_none_is_sent_in_the_enum_width() {
    // A boot with the reason 0xFFFFFFFF and a register value leaves "none recorded" behind, but something to collect.
    let device = Device::default();
    let wide = tracking(Some(&BootupInfo { reset_reason_reg: 1, reset_reason: u32::MAX }));
    assert_eq!(collected::<Defaults>(&wide, &device), event("04 a3 01 1a ff ff ff ff 04 01 05 00"));
    assert_eq!(wide.reset_info(), None);

    let store = MemoryStore::with_capacity(100);
    let short = tracking(Some(&BootupInfo { reset_reason_reg: 1, reset_reason: 0xffffu16 }));
    assert_eq!(collect::<Defaults, _, _>(&short, &store, &device, &Log::default()), Ok(()));
    assert_eq!(store.drain(), [event("04 a3 01 19 ff ff 04 01 05 00")]);
}

#[test]
fn nothing_to_collect_is_no_error() {
    let (device, store, log) = (Device::default(), MemoryStore::with_capacity(100), Log::default());
    let unbooted = RebootTracking::new(0u32);
    assert_eq!(collect::<Defaults, _, _>(&unbooted, &store, &device, &log), Ok(()));
    assert_eq!(log.0.take(), ["nothing"]);
    assert_eq!(device.asked(), ENCODE, "the size check asks the device once");

    let booted = tracking::<u32>(None);
    assert_eq!(collect::<Defaults, _, _>(&booted, &store, &device, &log), Ok(()));
    assert_eq!(device.asked(), [ENCODE, ENCODE].concat());
    assert_eq!(collect::<Defaults, _, _>(&booted, &store, &device, &log), Ok(()));
    assert_eq!(log.0.take(), ["nothing"], "one event per boot");
    assert_eq!(store.drain().len(), 1);
}

#[test]
fn full_store_keeps_the_info_for_another_try() {
    let (device, store, log) = (Device::default(), MemoryStore::with_capacity(20), Log::default());
    let tracking = tracking::<u32>(None);
    assert_eq!(collect::<Defaults, _, _>(&tracking, &store, &device, &log), Err(StorageFull));
    assert_eq!(store.reports.take(), ["Reboot: 20 < 53", "full"]);
    assert_eq!(log.0.take(), ["20 < 53"]);
    assert_eq!(device.asked(), [ENCODE, ENCODE, ENCODE].concat());
    store.capacity.set(100);
    assert_eq!(collect::<Defaults, _, _>(&tracking, &store, &device, &log), Ok(()));
    assert_eq!(store.drain(), [event("04 a2 01 00 05 00")]);
}

#[test]
fn store_below_the_worst_case_takes_a_smaller_event() {
    let (device, store, log) = (Device::default(), MemoryStore::with_capacity(40), Log::default());
    assert_eq!(collect::<Defaults, _, _>(&tracking::<u32>(None), &store, &device, &log), Ok(()));
    assert_eq!(store.reports.take(), ["Reboot: 40 < 53"]);
    assert_eq!(store.drain().len(), 1);
}

#[test]
fn worst_case_of_the_specification() {
    let size = |device: &Device| worst_case_size::<Defaults, &MemoryStore>(device);
    let mut device = Device::default();
    assert_eq!(size(&device), 53);
    device.unix_time_secs = Some(1_700_000_000);
    assert_eq!(size(&device), 59);
    device.unix_time_secs = None;
    device.build_id = Some([1; 20]);
    assert_eq!(size(&device), 61);
}
