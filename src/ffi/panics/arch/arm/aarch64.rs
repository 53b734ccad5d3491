//! `memfault/panics/arch/arm/aarch64.h`: crashes and asserts of AArch64 (spec 50 section 9.8). The port has the exception vectors:
//! it stores the registers and calls `memfault_fault_handler`.

use super::memfault_platform_fault_handler;
use crate::fault::aarch64::RegState;
use crate::ffi::abi;
use crate::ffi::core::platform::core::memfault_platform_reboot;
use crate::ffi::panics::crash::{mark, sMfltRegState, save_coredump};
use core::ptr;

assert_functions! {
    name: ".p2align 2\n.globl",
    assert: "mov w2, #0x8001",
    // The reason is the second word of `sMemfaultAssertInfo`.
    assert_extra: "ldrh w2, [x2, #4]",
    save: "stp x29, x30, [sp, #-16]!
        .cfi_def_cfa_offset 16
        .cfi_offset x29, -16
        .cfi_offset x30, -8
        mov x29, sp",
    call: "bl",
    trap: "brk #1000",
}

/// Handles a crash: calls `memfault_platform_fault_handler`, marks the reset, saves a coredump, reboots. Interrupts must be off.
/// Spec 50 section 9.2.
///
/// # Safety
/// `regs` is NULL (nothing is captured then) or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason) {
    // SAFETY: the caller's promise. The hook may change the registers, so they are read behind it.
    unsafe {
        memfault_platform_fault_handler(regs, reason);
        if let Some(state) = regs.cast::<RegState>().as_ref() {
            mark(state.place(), reason.into());
            let stack_address = ptr::with_exposed_provenance_mut(state.sp as usize);
            save_coredump(regs, stack_address, regs.cast(), size_of::<RegState>());
        }
        memfault_platform_reboot()
    }
}

compute_size_required!(RegState);
