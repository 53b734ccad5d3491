use super::cortex_m::{ExceptionFrame, RegState, Registers, Slot, StackPointers};
use super::*;

#[test]
fn the_first_reason_wins_and_zero_does_not_count() {
    let reason = CrashReason::new();
    assert!(reason.is_first(0) && reason.is_first(0x8001));
    assert!(!reason.is_first(0x9400) && !reason.is_first(0));
    assert_eq!(reason.get(), 0x8001);
}

/// A register block made of a state and a frame in which every word is different; also what the function returned.
fn cortex_m(frame_address: u32, exc_return: u32, xpsr: u32) -> ([u32; 19], u32) {
    let r4_r11 = core::array::from_fn(|i| (4 + i as u32).to_le_bytes());
    let state = RegState { exception_frame: frame_address, r4_r11, exc_return };
    let frame = ExceptionFrame { r0_r3: [20, 1, 2, 3], r12: 12, lr: 14, pc: 15, xpsr };
    assert_eq!(frame.place(), Place { pc: 15, lr: 14 });
    let mut registers = [Slot::new(0xDEAD); 19];
    let sp = cortex_m::fill_in(&mut registers, &state, &frame, StackPointers { msp: 0xAAAA, psp: 0xBBBB });
    (values(&registers), sp)
}

fn values(slots: &[Slot; 19]) -> [u32; 19] {
    // SAFETY: the tests make them of values.
    slots.map(|slot| unsafe { slot.assume_init() })
}

#[test]
fn cortex_m_registers_are_in_the_order_of_the_format() {
    let (got, _) = cortex_m(0x2000_3FB8, 0xFFFF_FFF9, 0x0100_0000);
    assert_eq!(got[..13], [20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    assert_eq!(got[13..], [0x2000_3FD8, 14, 15, 0x0100_0000, 0x2000_3FD8, 0xBBBB]);
}

/// The observed cases of spec 50 section 16.3.
#[test]
fn cortex_m_stack_pointer_is_the_one_before_the_exception() {
    for (frame, exc_return, xpsr, sp, on_process_stack) in [
        (0x2000_3FB8, 0xFFFF_FFF9, 0x0100_0000, 0x2000_3FD8, false),
        (0x2000_3F70, 0xFFFF_FFE9, 0x0100_0000, 0x2000_3FD8, false),
        (0x2000_03D8, 0xFFFF_FFFD, 0x0100_0200, 0x2000_03FC, true),
        (0x2000_0390, 0xFFFF_FFED, 0x0100_0200, 0x2000_03FC, true),
    ] {
        let (got, returned) = cortex_m(frame, exc_return, xpsr);
        let (msp, psp) = if on_process_stack { (0xAAAA, sp) } else { (sp, 0xBBBB) };
        assert_eq!((returned, got[13], got[17], got[18]), (sp, sp, msp, psp), "{frame:x} {exc_return:x}");
    }
}

#[test]
fn cortex_m_without_a_crash_looks_like_one_in_a_task() {
    let mut words = [Slot::new(0xDEAD); 19];
    cortex_m::fill_in_no_crash(&mut words);
    let words = values(&words);
    assert_eq!(words[..10], [0, 0, 0, 0, 0, 0, 0, 0, 0, 4]);
    assert!(words[10..].iter().all(|w| *w == 0xDEAD));
}

#[test]
fn sizes_are_those_of_the_format() {
    assert_eq!((size_of::<RegState>(), size_of::<ExceptionFrame>(), size_of::<Registers>()), (40, 32, 76));
    assert_eq!(size_of::<cortex_ar::RegState>(), 68);
    assert_eq!(size_of::<aarch64::RegState>(), 272);
    assert_eq!(size_of::<riscv::RegState>(), 148);
    assert_eq!(size_of::<posix::RegState>(), 44);
}

#[test]
fn the_other_architectures_tell_where_they_were() {
    let state = cortex_ar::RegState { pc: 0x1234, lr: 0x5678, ..Default::default() };
    assert_eq!(state.place(), Place { pc: 0x1234, lr: 0x5678 });

    let mut state = aarch64::RegState { pc: 0x1_4000_0000, ..Default::default() };
    state.x = core::array::from_fn(|i| 0x1_0000_0000 + i as u64);
    assert_eq!(state.place(), Place { pc: 0x4000_0000, lr: 30 });

    let mut state = riscv::RegState { mepc: 0x8000_0004, ra: 0x8000_1000, sp: 1, ..Default::default() };
    state.s = [0x8000_FF00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(state.place(), Place { pc: 0x8000_0004, lr: 0x8000_1000 });
    assert_eq!(state.stack_address(), 0x8000_FF00);

    let state = posix::RegState { eip: 7, esp: 8, ..Default::default() };
    assert_eq!(state.place(), Place { pc: 7, lr: 0 });
}

#[test]
fn interrupts_of_armv7_a_and_r_are_told_by_the_mode() {
    let modes = [(0x10, false), (0x11, true), (0x12, true), (0x13, false), (0x17, true), (0x1B, true), (0x1F, false)];
    for (mode, expected) in modes {
        assert_eq!(cortex_ar::is_exception_mode(0x6000_01C0 | mode), expected, "{mode:x}");
    }
}
