use super::reason::{
    BROWN_OUT_RESET as BROWN_OUT, HARD_FAULT, KERNEL_PANIC, LOW_POWER, PIN_RESET, SOFTWARE_RESET, UNKNOWN,
    USER_SHUTDOWN,
};
use super::*;
use std::boxed::Box;
use std::string::String;
use std::vec;
use std::vec::Vec;

/// The hooks' defaults: no copy anywhere.
struct NoBackup;
impl Backup for NoBackup {
    fn load(&self, _: &Region) {}
    fn save(&self, _: &Region) {}
}

/// Keeps a copy and counts the calls.
#[derive(Default)]
struct Recording {
    copy: Cell<Option<[u8; 64]>>,
    loads: Cell<u32>,
    saves: Cell<u32>,
}

impl Backup for Recording {
    fn load(&self, region: &Region) {
        self.loads.set(self.loads.get() + 1);
        if let Some(copy) = self.copy.get() {
            fill(region, &copy);
        }
    }

    fn save(&self, region: &Region) {
        self.saves.set(self.saves.get() + 1);
        self.copy.set(Some(bytes(region).try_into().unwrap()));
    }
}

fn words(region: &Region) -> [&Word; 7] {
    [
        &region.magic,
        &region.last_reboot_reason,
        &region.pc,
        &region.lr,
        &region.reset_reason_reg,
        &region.active_sessions,
        &region.unused[0],
    ]
}

/// The region as a debugger would show it.
fn bytes(region: &Region) -> Vec<u8> {
    let mut all: Vec<u8> = words(region)[..1].iter().flat_map(|w| w.get().to_ne_bytes()).collect();
    all.extend([region.version.get(), region.crash_count.get(), region.reserved.get(), region.coredump_saved.get()]);
    all.extend(words(region)[1..6].iter().flat_map(|w| w.get().to_ne_bytes()));
    all.extend(region.unused.iter().flat_map(|w| w.get().to_ne_bytes()));
    all
}

fn fill(region: &Region, from: &[u8; 64]) {
    let word = |at: usize| u32::from_ne_bytes(from[at..at + 4].try_into().unwrap());
    region.magic.set(word(0));
    region.version.set(from[4]);
    region.crash_count.set(from[5]);
    region.reserved.set(from[6]);
    region.coredump_saved.set(from[7]);
    for (i, w) in words(region)[1..6].iter().enumerate() {
        w.set(word(8 + 4 * i));
    }
    for (i, w) in region.unused.iter().enumerate() {
        w.set(word(28 + 4 * i));
    }
}

/// A region of bytes of one value, as RAM after power-up may be.
fn region_of(byte: u8) -> &'static Region {
    let region = Box::leak(Box::<Region>::default());
    fill(region, &[byte; 64]);
    region
}

fn info<R: Reason + 'static>(reset_reason_reg: u32, reset_reason: u32) -> Option<&'static BootupInfo<R>> {
    Some(Box::leak(Box::new(BootupInfo { reset_reason_reg, reset_reason: R::from_word(reset_reason) })))
}

const AT: Option<&Registers> = Some(&Registers { pc: 0x100, lr: 0x200 });

/// The start of a region; the rest is 0. The specification gives these bytes for a little-endian core.
#[cfg(target_endian = "little")]
#[track_caller]
fn assert_region(region: &Region, start: &[u8]) {
    let mut expected = start.to_vec();
    expected.resize(64, 0);
    assert_eq!(bytes(region), expected);
}

#[test]
#[cfg(target_endian = "little")]
fn region_of_the_worked_example() {
    let region = region_of(0x5a);
    let tracking = RebootTracking::new(0u32);
    assert!(!tracking.booted());
    tracking.boot(Some(region), info(0x2400_0000, BROWN_OUT), &NoBackup);
    assert!(tracking.booted());
    assert_region(region, &[0x52, 0x42, 0x54, 0x21, 2, 1, 0, 0, 3, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x24]);

    tracking.clear_reset_info();
    assert_region(region, &[0x52, 0x42, 0x54, 0x21, 2, 1, 0, 0, 0xff, 0xff, 0xff, 0xff]);

    tracking.mark_reset_imminent(HARD_FAULT, Some(&Registers { pc: 0x0800_ABCD, lr: 0x0800_1111 }), &NoBackup);
    tracking.mark_coredump_saved();
    tracking.set_session_active(true, 3);
    let marked = [0x52, 0x42, 0x54, 0x21, 2, 1, 0, 1, 0, 0x94, 0, 0, 0xcd, 0xab, 0, 8, 0x11, 0x11, 0, 8, 0, 0, 0, 0, 8];
    assert_region(region, &marked);

    let next_run = RebootTracking::new(0u32);
    next_run.boot(Some(region), info(0x1000_0000, SOFTWARE_RESET), &NoBackup);
    let booted =
        [0x52, 0x42, 0x54, 0x21, 2, 2, 0, 1, 0, 0x94, 0, 0, 0xcd, 0xab, 0, 8, 0x11, 0x11, 0, 8, 0, 0, 0, 0x10, 8];
    assert_region(region, &booted);
    assert_eq!(next_run.boot_reasons(), Some(BootReasons { reg: SOFTWARE_RESET, prior: HARD_FAULT }));
    assert_eq!(next_run.unexpected_reboot_occurred(), Some(true));
    assert!(next_run.session_was_active(3) && !next_run.session_was_active(2));
}

/// Spec 20 §12.4, "Measured": marked before, boot info, reg / prior, unexpected, what is read.
fn priority_rule_of_the_specification<R: Reason + 'static + core::fmt::Debug>() {
    type Row = (Option<u32>, Option<u32>, (u32, u32), bool, (u32, u32, u32, u32));
    let rows: [Row; 11] = [
        (None, Some(LOW_POWER), (4, 4), false, (4, 0, 0, 0x40)),
        (None, Some(BROWN_OUT), (0x8003, 0x8003), true, (0x8003, 0, 0, 0x40)),
        (None, None, (0, 0), true, (0, 0, 0, 0)),
        (Some(USER_SHUTDOWN), Some(UNKNOWN), (0, 1), false, (1, 0x100, 0x200, 0x40)),
        (Some(USER_SHUTDOWN), Some(BROWN_OUT), (0x8003, 1), false, (1, 0x100, 0x200, 0x40)),
        (Some(USER_SHUTDOWN), None, (0, 1), false, (1, 0x100, 0x200, 0)),
        (Some(KERNEL_PANIC), Some(SOFTWARE_RESET), (8, 0x8008), true, (0x8008, 0x100, 0x200, 0x40)),
        (Some(KERNEL_PANIC), None, (0, 0x8008), true, (0x8008, 0x100, 0x200, 0)),
        (Some(UNKNOWN), Some(LOW_POWER), (4, 0), true, (0, 0x100, 0x200, 0x40)),
        (Some(0x1001), None, (0, 0x1001), false, (0x1001, 0x100, 0x200, 0)),
        (Some(0xA001), Some(PIN_RESET), (0xA, 0xA001), true, (0xA001, 0x100, 0x200, 0x40)),
    ];
    for (marked, booted_with, (reg, prior), unexpected, (reason, pc, lr, register)) in rows {
        let region = region_of(0);
        let earlier = RebootTracking::new(R::from_word(0));
        earlier.boot(Some(region), info(0, LOW_POWER), &NoBackup);
        earlier.clear_reset_info();
        if let Some(marked) = marked {
            earlier.mark_reset_imminent(R::from_word(marked), AT, &NoBackup);
        }
        let tracking = RebootTracking::new(R::from_word(0));
        tracking.boot(Some(region), booted_with.and_then(|reason| info(0x40, reason)), &NoBackup);
        let reasons = tracking.boot_reasons().unwrap();
        assert_eq!((reasons.reg.word(), reasons.prior.word()), (reg, prior));
        assert_eq!(tracking.unexpected_reboot_occurred(), Some(unexpected), "{marked:x?} {booted_with:x?}");
        assert_eq!(tracking.crash_count(), u8::from(unexpected));
        let read = tracking.reset_info().unwrap();
        assert_eq!((read.reason.word(), read.pc, read.lr, read.reset_reason_reg), (reason, pc, lr, register));
        assert!(!read.coredump_saved);
    }
}

#[test]
fn the_first_reason_wins_with_both_enum_widths() {
    priority_rule_of_the_specification::<u16>();
    priority_rule_of_the_specification::<u32>();
}

#[test]
fn nothing_is_known_before_boot_and_without_a_region() {
    let tracking = RebootTracking::new(0u32);
    let backup = Recording::default();
    for _ in 0..2 {
        tracking.mark_reset_imminent(HARD_FAULT, AT, &backup);
        tracking.mark_coredump_saved();
        tracking.set_session_active(true, 0);
        tracking.clear_reset_info();
        tracking.reset_crash_count();
        tracking.clear_sessions();
        assert_eq!(tracking.boot_reasons(), None);
        assert_eq!(tracking.unexpected_reboot_occurred(), None);
        assert_eq!(tracking.reset_info(), None);
        assert_eq!(tracking.crash_count(), 0);
        assert!(!tracking.booted() && !tracking.session_was_active(0));
        tracking.boot(None, info(1, HARD_FAULT), &backup);
    }
    assert_eq!((backup.loads.get(), backup.saves.get()), (0, 0));
}

#[test]
fn boot_without_a_region_keeps_the_reasons_of_the_good_boot() {
    let tracking = RebootTracking::new(0u32);
    tracking.boot(Some(region_of(0)), info(0, BROWN_OUT), &NoBackup);
    tracking.boot(None, info(0, LOW_POWER), &NoBackup);
    tracking.mark_reset_imminent(LOW_POWER, None, &NoBackup);
    assert_eq!(tracking.boot_reasons(), Some(BootReasons { reg: BROWN_OUT, prior: BROWN_OUT }));
    assert_eq!(tracking.unexpected_reboot_occurred(), Some(true));
    assert!(!tracking.booted());
}

#[test]
fn overwritten_region_is_created_anew_by_the_next_call() {
    let region = region_of(0);
    let tracking = RebootTracking::new(0u32);
    tracking.boot(Some(region), info(7, KERNEL_PANIC), &NoBackup);
    assert_eq!(tracking.crash_count(), 1);
    fill(region, &[0x77; 64]);
    assert!(!tracking.booted(), "booted() repairs nothing");
    assert_eq!(tracking.crash_count(), 0);
    assert!(tracking.booted());
    assert_eq!(tracking.reset_info(), None);
    // The boot reasons are not in the region.
    assert_eq!(tracking.unexpected_reboot_occurred(), Some(true));
}

#[test]
fn a_good_magic_is_enough() {
    let region = region_of(0xaa);
    region.magic.set(MAGIC);
    let tracking = RebootTracking::new(0u32);
    tracking.boot(Some(region), None, &NoBackup);
    // Version and reserved bytes of another firmware stay; the count wraps as a byte does; a saved coredump is 1 and
    // nothing else.
    assert_eq!((region.version.get(), region.reserved.get(), region.unused[8].get()), (0xaa, 0xaa, 0xaaaa_aaaa));
    assert_eq!(tracking.crash_count(), 0xab);
    let read = tracking.reset_info().unwrap();
    assert_eq!((read.reason, read.reset_reason_reg, read.coredump_saved), (0xaaaa_aaaa, 0xaaaa_aaaa, false));
    region.crash_count.set(255);
    tracking.boot(Some(region), None, &NoBackup);
    assert_eq!(tracking.crash_count(), 0);
}

#[test]
fn wide_word_is_cut_to_the_enum() {
    fn booted_on<R: Reason + 'static>(word: u32) -> (Option<BootReasons<u32>>, Option<bool>) {
        let region = region_of(0);
        let tracking = RebootTracking::new(R::from_word(0));
        tracking.boot(Some(region), None, &NoBackup);
        region.last_reboot_reason.set(word);
        tracking.boot(Some(region), info(0, LOW_POWER), &NoBackup);
        let reasons = tracking.boot_reasons().map(|r| BootReasons { reg: r.reg.word(), prior: r.prior.word() });
        (reasons, tracking.unexpected_reboot_occurred())
    }
    assert_eq!(booted_on::<u16>(0x0001_0001), (Some(BootReasons { reg: 4, prior: 1 }), Some(false)));
    assert_eq!(booted_on::<u32>(0x0001_0001), (Some(BootReasons { reg: 4, prior: 0x0001_0001 }), Some(true)));
    // QUIRK: cut to "none recorded", the hardware's reason decides.
    assert_eq!(booted_on::<u16>(0x0001_ffff), (Some(BootReasons { reg: 4, prior: 0xffff }), Some(false)));
    assert_eq!(booted_on::<u32>(0x0001_ffff), (Some(BootReasons { reg: 4, prior: 0x0001_ffff }), Some(true)));
}

#[test]
fn a_register_alone_is_worth_reading() {
    let tracking = RebootTracking::new(0u16);
    let region = region_of(0);
    tracking.boot(Some(region), info(0, LOW_POWER), &NoBackup);
    tracking.clear_reset_info();
    assert_eq!(tracking.reset_info(), None);
    region.reset_reason_reg.set(9);
    assert_eq!(tracking.reset_info().map(|i| (i.reason, i.reset_reason_reg)), Some((0xffff, 9)));
}

#[test]
fn mark_rewrites_the_boot_reasons_of_the_same_run() {
    let tracking = RebootTracking::new(0u32);
    tracking.boot(Some(region_of(0)), info(0, LOW_POWER), &NoBackup);
    tracking.mark_reset_imminent(HARD_FAULT, AT, &NoBackup);
    // Not collected yet: the boot reason occupies the place, the fault is not recorded.
    assert_eq!(tracking.boot_reasons(), Some(BootReasons { reg: HARD_FAULT, prior: LOW_POWER }));
    tracking.clear_reset_info();
    tracking.mark_reset_imminent(HARD_FAULT, AT, &NoBackup);
    assert_eq!(tracking.boot_reasons(), Some(BootReasons { reg: HARD_FAULT, prior: HARD_FAULT }));
    assert_eq!(tracking.unexpected_reboot_occurred(), Some(true));
    tracking.clear_boot_reasons();
    assert_eq!(tracking.boot_reasons(), None);
    assert_eq!(tracking.unexpected_reboot_occurred(), None);
}

#[test]
fn mark_without_registers_leaves_pc_and_lr() {
    let tracking = RebootTracking::new(0u32);
    let region = region_of(0);
    tracking.boot(Some(region), None, &NoBackup);
    tracking.clear_reset_info();
    region.pc.set(0x33);
    tracking.mark_reset_imminent(USER_SHUTDOWN, None, &NoBackup);
    assert_eq!(tracking.reset_info().map(|i| (i.reason, i.pc, i.lr)), Some((USER_SHUTDOWN, 0x33, 0)));
}

#[test]
fn clearing_keeps_count_sessions_and_reasons() {
    let tracking = RebootTracking::new(0u32);
    tracking.boot(Some(region_of(0)), info(1, KERNEL_PANIC), &NoBackup);
    tracking.set_session_active(true, 31);
    tracking.mark_coredump_saved();
    tracking.clear_reset_info();
    assert_eq!(tracking.crash_count(), 1);
    assert!(tracking.session_was_active(31));
    assert_eq!(tracking.boot_reasons(), Some(BootReasons { reg: KERNEL_PANIC, prior: KERNEL_PANIC }));
    tracking.reset_crash_count();
    assert_eq!(tracking.crash_count(), 0);
    tracking.set_session_active(false, 31);
    assert!(!tracking.session_was_active(31));
}

#[test]
fn sessions_from_32_on_are_ignored() {
    let tracking = RebootTracking::new(0u32);
    tracking.boot(Some(region_of(0)), None, &NoBackup);
    for index in [32, 33, 63, 64, u32::MAX] {
        tracking.set_session_active(true, index);
        assert!((0..=255).all(|i| !tracking.session_was_active(i)) && !tracking.session_was_active(index));
    }
    tracking.set_session_active(true, 0);
    tracking.set_session_active(true, 5);
    tracking.set_session_active(false, 32);
    let active: Vec<u32> = (0..64).filter(|i| tracking.session_was_active(*i)).collect();
    assert_eq!(active, vec![0, 5]);
    tracking.clear_sessions();
    assert!((0..32).all(|i| !tracking.session_was_active(i)));
}

#[test]
fn backup_is_loaded_once_per_boot_and_saved_once_per_mark() {
    let backup = Recording::default();
    let first_run = RebootTracking::new(0u32);
    first_run.boot(Some(region_of(0)), info(1, LOW_POWER), &backup);
    first_run.clear_reset_info();
    first_run.mark_reset_imminent(HARD_FAULT, AT, &backup);
    assert_eq!((backup.loads.get(), backup.saves.get()), (1, 1));
    // A mark that records nothing saves all the same.
    first_run.mark_reset_imminent(LOW_POWER, None, &backup);
    assert_eq!((backup.loads.get(), backup.saves.get()), (1, 2));

    // The RAM is lost, the copy is not.
    let second_run = RebootTracking::new(0u32);
    second_run.boot(Some(region_of(0xff)), info(2, PIN_RESET), &backup);
    assert_eq!((backup.loads.get(), backup.saves.get()), (2, 2));
    let expected = ResetInfo { reason: HARD_FAULT, pc: 0x100, lr: 0x200, reset_reason_reg: 2, coredump_saved: false };
    assert_eq!(second_run.reset_info(), Some(expected));
}

/// Every enumerator of the C header has its constant here, and the other way round.
#[test]
fn reasons_are_those_of_the_c_header() {
    fn in_words(name: &str) -> String {
        let mut words = String::new();
        for c in name.chars() {
            if c.is_uppercase() && !words.is_empty() {
                words.push('_');
            }
            words.push(c.to_ascii_uppercase());
        }
        words
    }
    let header = include_str!("../../../include/memfault/core/reboot_reason_types.h");
    let enumerators =
        header.lines().filter_map(|line| line.trim().strip_prefix("kMfltRebootReason_")?.split_once(" = 0x"));
    let in_header: Vec<(String, u32)> = enumerators
        .map(|(name, value)| (in_words(name), u32::from_str_radix(value.trim_end_matches(','), 16).unwrap()))
        .collect();
    let constants = include_str!("reason.rs").lines().skip_while(|line| !line.contains("const UNKNOWN"));
    let here: Vec<(String, u32)> = constants
        .filter_map(|line| line.strip_prefix("pub const ")?.trim_end_matches(';').split_once(": u32 = 0x"))
        .map(|(name, value)| (name.into(), u32::from_str_radix(value, 16).unwrap()))
        .collect();
    assert_eq!(here, in_header);
    assert_eq!(here.len(), 34);
    let unexpected = here.iter().filter(|(_, value)| reason::is_unexpected(*value)).count();
    assert_eq!(unexpected, 23);
}

#[test]
fn a_region_can_be_copied_out_and_back() {
    let region = Region::default();
    let bytes: [u8; Region::SIZE] = core::array::from_fn(|i| i as u8);
    region.set_bytes(&bytes);
    assert_eq!(region.to_bytes(), bytes);
    assert_eq!(region.magic.get(), u32::from_ne_bytes([0, 1, 2, 3]));
    assert_eq!((region.coredump_saved.get(), region.active_sessions.get()), (7, u32::from_ne_bytes([24, 25, 26, 27])));
}
