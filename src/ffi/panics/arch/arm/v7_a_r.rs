//! `memfault/panics/arch/arm/v7_a_r.h`: exception handlers and asserts of Armv7-A and -R (spec 50 section 9.7).

use super::memfault_platform_fault_handler;
use crate::fault::cortex_ar::RegState;
use crate::ffi::abi;
use crate::ffi::core::platform::core::memfault_platform_reboot;
use crate::ffi::panics::crash::{mark, sMfltRegState, save_coredump};
use core::arch::global_asm;

/// Begins a function. Always Arm instructions, also for firmware in Thumb: the linker's calls and the vectors' loads change over.
macro_rules! function {
    ($name:expr) => {
        concat!(
            ".pushsection .text.",
            $name,
            ",\"ax\",%progbits\n",
            ".arm\n",
            ".p2align 2\n",
            ".globl ",
            $name,
            "\n",
            ".type ",
            $name,
            ", %function\n",
            $name,
            ":"
        )
    };
}

macro_rules! end_of_function {
    ($name:expr) => {
        concat!(".size ", $name, ", . - ", $name, "\n", ".popsection")
    };
}

/// lr is the faulting instruction by now: makes the first and the last words of the `RegState` on the stack of the mode.
macro_rules! save_low_registers {
    ($mode:literal) => {
        concat!("srsdb sp!, #", $mode, "\n", "sub sp, sp, #28\n", "push {{r0-r7}}")
    };
}

// All words are there but r8 to lr of the interrupted mode, which only that mode can read; User mode has the registers of System
// mode, from which there is a way back. QUIRK: for these few instructions the interrupt masks are those of the interrupted code.
// The stack is then aligned as functions may expect it; there is no return from here.
global_asm!(
    ".pushsection .text.memfault_exception_entry,\"ax\",%progbits",
    ".arm",
    ".p2align 2",
    ".type memfault_exception_entry, %function",
    "memfault_exception_entry:",
    "ldr r0, [sp, #64]",
    "tst r0, #0x0f",
    "orreq r0, r0, #0x0f",
    "mrs r3, cpsr",
    "add r2, sp, #32",
    "msr cpsr_c, r0",
    "stm r2, {{r8-r12, sp, lr}}",
    "msr cpsr_c, r3",
    "mov r0, sp",
    "bic sp, sp, #7",
    "bl {fault_handler}",
    ".size memfault_exception_entry, . - memfault_exception_entry",
    ".popsection",
    // The return address depends on the instruction set of the program: SPSR.T.
    function!(env!("MEMFAULT_EXC_HANDLER_UNDEFINED_INSTRUCTION")),
    "push {{r0}}",
    "mrs r0, spsr",
    "tst r0, #0x20",
    "pop {{r0}}",
    "subeq lr, lr, #4",
    "subne lr, lr, #2",
    save_low_registers!(0x1B),
    "movw r1, #0x9300",
    "b memfault_exception_entry",
    end_of_function!(env!("MEMFAULT_EXC_HANDLER_UNDEFINED_INSTRUCTION")),
    function!(env!("MEMFAULT_EXC_HANDLER_DATA_ABORT")),
    "sub lr, lr, #8",
    save_low_registers!(0x17),
    "movw r1, #0x9200",
    "b memfault_exception_entry",
    end_of_function!(env!("MEMFAULT_EXC_HANDLER_DATA_ABORT")),
    function!(env!("MEMFAULT_EXC_HANDLER_PREFETCH_ABORT")),
    "sub lr, lr, #4",
    save_low_registers!(0x17),
    "movw r1, #0x9100",
    "b memfault_exception_entry",
    end_of_function!(env!("MEMFAULT_EXC_HANDLER_PREFETCH_ABORT")),
    fault_handler = sym memfault_fault_handler,
);

assert_functions! {
    name: ".arm\n.p2align 2\n.globl",
    assert: "movw r2, #0x8001",
    // The reason is the second word of `sMemfaultAssertInfo`, and of 16 bits in both widths of enums.
    assert_extra: "ldrh r2, [r2, #4]",
    save: "push {{r3, lr}}
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset lr, 4",
    call: "bl",
    trap: "udf #77",
}

/// Handles a crash: calls `memfault_platform_fault_handler`, marks the reset, saves a coredump, reboots. Spec 50 section 9.2.
///
/// # Safety
/// `regs` is NULL (nothing is captured then) or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason) {
    // SAFETY: NULL or readable. A copy, so that the hook cannot change what is saved.
    let state = unsafe { regs.cast::<RegState>().as_ref() }.copied();
    // SAFETY: what the hook sees is what the caller gave.
    unsafe { memfault_platform_fault_handler(regs, reason) };
    if let Some(state) = &state {
        mark(state.place(), reason.into());
        let block = (&raw const *state).cast();
        // SAFETY: the block lives during the call.
        unsafe { save_coredump(regs, state.sp as *mut _, block, size_of::<RegState>()) };
    }
    // SAFETY: may be called anywhere.
    unsafe { memfault_platform_reboot() }
}

compute_size_required!(RegState);
