//! `memfault/panics/arch/riscv/riscv.h`: crashes and asserts of 32-bit RISC-V (spec 50 section 9.9). The port has the trap vector:
//! it stores the registers and calls `memfault_fault_handler`.

use crate::config::Config;
use crate::fault::Place;
use crate::fault::riscv::RegState;
use crate::ffi::abi;
use crate::ffi::config::Firmware;
use crate::ffi::core::platform::core::memfault_platform_reboot;
use crate::ffi::panics::crash::{mark, sMfltRegState, save_coredump};
use core::ffi::c_void;

/// Handles a crash: marks the reset, saves a coredump, reboots. With the option `MEMFAULT_FAULT_HANDLER_RETURN` it returns
/// instead. Interrupts must be off. `memfault_platform_fault_handler` is not called on this architecture. Spec 50 section 9.2.
///
/// # Safety
/// `regs` is NULL (nothing is captured then) or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason) {
    // SAFETY: the caller's promise.
    if let Some(state) = unsafe { regs.cast::<RegState>().as_ref() } {
        mark(state.place(), reason.into());
        // SAFETY: the caller's promise.
        unsafe { save_coredump(regs, state.stack_address() as *mut _, regs.cast(), size_of::<RegState>()) };
    }
    if !Firmware::FAULT_HANDLER_RETURN {
        // SAFETY: may be called anywhere.
        unsafe { memfault_platform_reboot() }
    }
}

/// Marks the reset for an assertion, for ports that raise the exception themselves. Spec 50 section 9.5.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_arch_fault_handling_assert(
    pc: *mut c_void,
    lr: *mut c_void,
    reason: abi::eMemfaultRebootReason,
) {
    mark(Place { pc: pc.addr() as u32, lr: lr.addr() as u32 }, reason.into());
}

compute_size_required!(RegState);

// The assert functions of firmware without an operating system. The original has them in its ports only (Zephyr, ESP-IDF),
// which here win, as these are weak. An instruction that no core has raises the exception.
#[cfg(target_arch = "riscv32")]
assert_functions! {
    name: ".p2align 2\n.weak",
    assert: "li a2, 0x8001",
    // The reason is the second word of `sMemfaultAssertInfo`.
    assert_extra: "lhu a2, 4(a2)",
    save: "addi sp, sp, -16
        .cfi_def_cfa_offset 16
        sw ra, 12(sp)
        .cfi_offset ra, -4",
    call: "call",
    trap: "unimp",
}
