//! `memfault/panics/arch/posix/posix.h`: crashes and asserts of i386 processes (spec 50 section 9.11). A simulator or a signal
//! handler stores the registers and calls `memfault_fault_handler`, which returns.

use crate::config::Config;
use crate::events::reboot::reason;
use crate::fault::posix::RegState;
use crate::ffi::abi;
use crate::ffi::config::Firmware;
use crate::ffi::core::platform::core::memfault_platform_reboot;
use crate::ffi::panics::crash::{assert_failed, mark, sMfltRegState, save_coredump};
use crate::ffi::panics::fault_handling::sMemfaultAssertInfo;
use core::ffi::c_void;

/// Handles a crash: marks the reset, saves a coredump, and returns. Spec 50 section 9.2.
///
/// # Safety
/// `regs` is NULL (nothing is captured then) or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason) {
    // SAFETY: the caller's promise.
    if let Some(state) = unsafe { regs.cast::<RegState>().as_ref() } {
        mark(state.place(), reason);
        // SAFETY: the caller's promise. QUIRK: one struct, also where the size computation counts several.
        unsafe { save_coredump(regs, state.esp as *mut _, regs.cast(), size_of::<RegState>()) };
    }
}

/// A failed assertion: marks the reset and reboots. No coredump. Spec 50 section 9.5.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_fault_handling_assert(pc: *mut c_void, lr: *mut c_void) {
    assert_failed(pc.addr(), lr.addr(), reason::ASSERT);
    // SAFETY: may be called anywhere.
    unsafe { memfault_platform_reboot() }
}

/// The same with a reason. Spec 50 section 9.5.
///
/// # Safety
/// `extra_info` is NULL (the reason is that of an assert) or readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_fault_handling_assert_extra(
    pc: *mut c_void,
    lr: *mut c_void,
    extra_info: *mut sMemfaultAssertInfo,
) {
    // SAFETY: NULL or readable.
    let reason = unsafe { extra_info.as_ref() }.map_or(reason::ASSERT, |info| info.assert_reason);
    assert_failed(pc.addr(), lr.addr(), reason);
    // SAFETY: may be called anywhere.
    unsafe { memfault_platform_reboot() }
}

compute_size_required!([RegState; Firmware::COREDUMP_CPU_COUNT]);
