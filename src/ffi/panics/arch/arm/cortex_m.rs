//! `memfault/panics/arch/arm/cortex_m.h`: exception handlers and asserts of Cortex-M (spec 50 sections 9.2 and 9.6).

use super::memfault_platform_fault_handler;
use crate::config::Config;
use crate::events::reboot::reason;
use crate::fault::cortex_m::{self, ExceptionFrame, RegState, StackPointers};
use crate::ffi::abi;
use crate::ffi::config::Firmware;
use crate::ffi::core::platform::core::memfault_platform_reboot;
use crate::ffi::panics::crash::{mark, sMfltRegState, save_coredump, size_required};
use core::arch::{asm, global_asm};

/// Loads a reboot reason whose two bytes are both in use.
#[cfg(not(armv6m))]
macro_rules! load_reason {
    ($register:literal, $high:literal, $low:literal) => {
        concat!("movw ", $register, ", #(", $high, " << 8 | ", $low, ")")
    };
}
#[cfg(armv6m)]
macro_rules! load_reason {
    ($register:literal, $high:literal, $low:literal) => {
        concat!(
            concat!("movs ", $register, ", #", $high, "\n"),
            concat!("lsls ", $register, ", ", $register, ", #8\n"),
            concat!("adds ", $register, ", #", $low)
        )
    };
}

/// Begins a function.
macro_rules! function {
    ($name:expr) => {
        concat!(".globl ", $name, "\n", ".type ", $name, ", %function\n", ".thumb_func\n", $name, ":")
    };
}

/// Its end, for tools that look at the size of functions.
macro_rules! end_of {
    ($name:expr) => {
        concat!(".size ", $name, ", . - ", $name)
    };
}

/// From "lr is EXC_RETURN and r1 the reason" to `crashed`: makes the `RegState` of 40 bytes on the main stack, which leaves it
/// aligned to 8 bytes as it was. The stack of the handler is the main one, so its pointer is the frame if that was in use.
///
/// The `.cfi` lines make unwind information for debuggers and the host tools; none of it goes into flash.
#[cfg(not(armv6m))]
macro_rules! save_state {
    () => {
        "tst lr, #4
        mov r3, sp
        it ne
        mrsne r3, psp
        push {{r3-r11, lr}}
        .cfi_adjust_cfa_offset 40
        .cfi_rel_offset r4, 4
        .cfi_rel_offset r5, 8
        .cfi_rel_offset r6, 12
        .cfi_rel_offset r7, 16
        .cfi_rel_offset r8, 20
        .cfi_rel_offset r9, 24
        .cfi_rel_offset r10, 28
        .cfi_rel_offset r11, 32
        .cfi_rel_offset lr, 36"
    };
}
/// Only low registers can be pushed here. r12 is free: the hardware has stacked it.
#[cfg(armv6m)]
macro_rules! save_state {
    () => {
        "mov r12, r1
        mov r0, r8
        mov r1, r9
        mov r2, r10
        mov r3, r11
        push {{r0-r3, lr}}
        .cfi_adjust_cfa_offset 20
        .cfi_rel_offset r8, 0
        .cfi_rel_offset r9, 4
        .cfi_rel_offset r10, 8
        .cfi_rel_offset r11, 12
        .cfi_rel_offset lr, 16
        mov r0, lr
        lsls r0, r0, #29
        add r3, sp, #20
        bpl 3f
        mrs r3, psp
        3:
        push {{r3-r7}}
        .cfi_adjust_cfa_offset 20
        .cfi_rel_offset r4, 4
        .cfi_rel_offset r5, 8
        .cfi_rel_offset r6, 12
        .cfi_rel_offset r7, 16
        mov r1, r12"
    };
}

/// Back to what was interrupted.
#[cfg(not(armv6m))]
macro_rules! return_from_exception {
    () => {
        "pop {{r3-r11, pc}}"
    };
}
#[cfg(armv6m)]
macro_rules! return_from_exception {
    () => {
        "pop {{r3-r7}}
        pop {{r0-r3}}
        mov r8, r0
        mov r9, r1
        mov r10, r2
        mov r11, r3
        pop {{pc}}"
    };
}

/// The handlers return for some reason, else no code behind the call is needed.
const RETURNS: bool = Firmware::FAULT_HANDLER_RETURN || Firmware::FAULT_HANDLER_WATCHDOG_RETURN;

/// The handler for memory faults has an old name too, unless it already goes by that one.
const OLD_NAME: bool = !Firmware::DISABLE_OLD_MEMMANAGE_HANDLER
    && !matches!(env!("MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT").as_bytes(), b"MemoryManagement_Handler");

// The handlers share one section, for short branches; the vector table refers to all of them anyway.
global_asm!(
    ".pushsection .text.memfault_exception_handlers,\"ax\",%progbits",
    ".cfi_sections .debug_frame",
    ".p2align 1",
    function!(env!("MEMFAULT_EXC_HANDLER_NMI")),
    load_reason!("r1", 0x80, 0x04),
    "b 2f",
    end_of!(env!("MEMFAULT_EXC_HANDLER_NMI")),
    function!(env!("MEMFAULT_EXC_HANDLER_WATCHDOG")),
    load_reason!("r1", 0x80, 0x06),
    "b 2f",
    end_of!(env!("MEMFAULT_EXC_HANDLER_WATCHDOG")),
    function!(env!("MEMFAULT_EXC_HANDLER_HARD_FAULT")),
    "movs r1, #0x94",
    "b 1f",
    end_of!(env!("MEMFAULT_EXC_HANDLER_HARD_FAULT")),
    function!(env!("MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT")),
    "movs r1, #0x92",
    "b 1f",
    end_of!(env!("MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT")),
    function!(env!("MEMFAULT_EXC_HANDLER_BUS_FAULT")),
    "movs r1, #0x91",
    "b 1f",
    end_of!(env!("MEMFAULT_EXC_HANDLER_BUS_FAULT")),
    function!(env!("MEMFAULT_EXC_HANDLER_USAGE_FAULT")),
    "movs r1, #0x93",
    end_of!(env!("MEMFAULT_EXC_HANDLER_USAGE_FAULT")),
    // Not global: debuggers name the frame, whichever handler it was.
    ".type memfault_exception_entry, %function",
    ".thumb_func",
    "memfault_exception_entry:",
    ".cfi_startproc",
    "1:",
    "lsls r1, r1, #8",
    "2:",
    save_state!(),
    "mov r0, sp",
    "add r2, sp, #40",
    "bl {crashed}",
    ".if {returns}",
    return_from_exception!(),
    ".endif",
    ".cfi_endproc",
    end_of!("memfault_exception_entry"),
    ".if {old_name}",
    ".globl MemoryManagement_Handler",
    concat!(".thumb_set MemoryManagement_Handler, ", env!("MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT")),
    ".type MemoryManagement_Handler, %function",
    ".endif",
    ".popsection",
    crashed = sym crashed,
    returns = const RETURNS as u8,
    old_name = const OLD_NAME as u8,
);

assert_functions! {
    name: ".p2align 1\n.thumb_func\n.globl",
    assert: load_reason!("r2", 0x80, 0x01),
    // The reason is the second word of `sMemfaultAssertInfo`, and of 16 bits in both widths of enums.
    assert_extra: "ldrh r2, [r2, #4]",
    save: "push {{r3, lr}}
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset lr, 4",
    call: "bl",
    trap: "udf #77",
}

/// Handles a crash: calls `memfault_platform_fault_handler`, marks the reset, saves a coredump, reboots. With the option
/// `MEMFAULT_FAULT_HANDLER_RETURN` it returns instead.
///
/// For ports whose own handlers collect the registers. Interrupts must be off. Spec 50 section 9.2.
///
/// # Safety
/// `regs` is NULL (nothing is captured then) or readable, and its frame is what the hardware has stacked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason) {
    let msp: u32;
    // SAFETY: reads a register.
    unsafe { asm!("mrs {}, msp", out(reg) msp, options(nomem, nostack, preserves_flags)) };
    // SAFETY: the caller's promise.
    unsafe { crashed(regs, reason, msp) }
}

/// `msp` is the main stack pointer in front of the handler.
///
/// # Safety
/// As [`memfault_fault_handler`].
#[inline(never)]
unsafe extern "C" fn crashed(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason, msp: u32) {
    let traps = unaligned_traps_off();
    // SAFETY: the caller's promise. The hook may change the registers, so they are read behind it.
    unsafe {
        memfault_platform_fault_handler(regs, reason);
        if let Some(state) = regs.cast::<RegState>().as_ref() {
            capture(state, u32::from(reason), msp);
        }
    }
    let stays = Firmware::FAULT_HANDLER_RETURN
        || Firmware::FAULT_HANDLER_WATCHDOG_RETURN && u32::from(reason) == reason::SOFTWARE_WATCHDOG;
    if !stays {
        // SAFETY: may be called anywhere.
        unsafe { memfault_platform_reboot() };
    }
    restore_traps(traps);
}

/// Configuration and Control Register.
const CCR: *mut u32 = 0xE000_ED14 as *mut u32;
const CCR_UNALIGN_TRP: u32 = 1 << 3;

/// The compiler makes unaligned accesses where the core has them. Firmware that traps them would end in lockup here. Armv6-M has
/// none. Returns what to give [`restore_traps`].
#[inline(always)]
fn unaligned_traps_off() -> u32 {
    if cfg!(armv6m) {
        return 0;
    }
    // SAFETY: a register that every Cortex-M has at this address, without side effects on reading.
    let ccr = unsafe { CCR.read_volatile() };
    // SAFETY: as above; fewer traps break no promise of a program that is in a fault handler.
    unsafe { CCR.write_volatile(ccr & !CCR_UNALIGN_TRP) };
    ccr
}

/// For the program that goes on.
#[inline(always)]
fn restore_traps(ccr: u32) {
    if !cfg!(armv6m) {
        // SAFETY: the value that was read there.
        unsafe { CCR.write_volatile(ccr) };
    }
}

/// # Safety
/// The state points to a stacked frame.
#[inline(always)]
unsafe fn capture(state: &RegState, reason: u32, msp: u32) {
    // SAFETY: the caller's promise. A frame that cannot be read ends in lockup, here as in the original.
    let frame = unsafe { &*(state.exception_frame as *const ExceptionFrame) };
    mark(frame.place(), reason);
    let psp: u32;
    // SAFETY: reads a register.
    unsafe { asm!("mrs {}, psp", out(reg) psp, options(nomem, nostack, preserves_flags)) };
    let mut registers = cortex_m::EMPTY;
    let sp = cortex_m::fill_in(&mut registers, state, frame, StackPointers { msp, psp });
    // SAFETY: the block lives during the call.
    unsafe {
        save_coredump((&raw const *state).cast(), sp as *mut _, (&raw const registers).cast(), size_of_val(&registers))
    };
}

/// Bytes that a coredump would have now. Asks the platform for its regions as in a crash in a task: the process stack is the
/// one in use, and the frame is NULL. Spec 50 chapter 6.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_coredump_storage_compute_size_required() -> usize {
    let mut words = cortex_m::EMPTY;
    cortex_m::fill_in_no_crash(&mut words);
    size_required((&raw const words).cast(), &words)
}
