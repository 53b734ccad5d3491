//! `memfault/panics/arch/arm/aarch64.h`: crashes and asserts of AArch64 (spec 50 section 9.8). The port has the exception vectors:
//! it stores the registers and calls `memfault_fault_handler`.

use super::memfault_platform_fault_handler;
use crate::fault::aarch64::RegState;
use crate::ffi::abi;
use crate::ffi::core::platform::core::memfault_platform_reboot;
use crate::ffi::panics::crash::{assert_failed, mark, sMfltRegState, save_coredump, size_required};
use core::arch::global_asm;
use core::mem::MaybeUninit;
use core::ptr;

/// An assert function with the reason in w2: nothing but the frame record is stacked, so x19 to x28 are the caller's when the
/// exception comes.
macro_rules! assert_function {
    ($name:literal, $load_reason:literal) => {
        concat!(
            ".pushsection .text.",
            $name,
            ",\"ax\",%progbits\n",
            ".p2align 2\n",
            ".globl ",
            $name,
            "\n",
            ".type ",
            $name,
            ", %function\n",
            $name,
            ":\n",
            ".cfi_startproc\n",
            $load_reason,
            "\n",
            "stp x29, x30, [sp, #-16]!\n",
            ".cfi_def_cfa_offset 16\n",
            ".cfi_offset x29, -16\n",
            ".cfi_offset x30, -8\n",
            "mov x29, sp\n",
            "bl {assert_failed}\n",
            "brk #1000\n",
            // Should the trap return.
            "bl {reboot}\n",
            ".cfi_endproc\n",
            ".size ",
            $name,
            ", . - ",
            $name,
            "\n",
            ".popsection"
        )
    };
}

global_asm!(
    ".cfi_sections .debug_frame",
    assert_function!("memfault_fault_handling_assert", "mov w2, #0x8001"),
    // The reason is the second word of `sMemfaultAssertInfo`.
    assert_function!("memfault_fault_handling_assert_extra", "ldrh w2, [x2, #4]"),
    assert_failed = sym assert_failed,
    reboot = sym memfault_platform_reboot,
);

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

/// Bytes that a coredump would have now. Spec 50 chapter 6.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_coredump_storage_compute_size_required() -> usize {
    size_required(ptr::null(), &MaybeUninit::<RegState>::uninit())
}
