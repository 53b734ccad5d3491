//! Crashes and asserts on a 64-bit development machine. The original has nothing for x86-64: tests and simulators bring these
//! functions. So all of them are weak here, and what a program has itself counts.
//!
//! The coredump format has no registers of x86-64. What is saved is everything else, with the stack of the caller as the crash's
//! stack.

use crate::events::reboot::reason;
use crate::fault::Place;
use crate::ffi::abi;
use crate::ffi::core::platform::core::memfault_platform_reboot;
use crate::ffi::panics::crash::{assert_failed, mark, sMfltRegState, save_coredump, size_required};
use crate::ffi::panics::fault_handling::sMemfaultAssertInfo;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr;

weak_fn!("memfault_fault_handler" = fault_handler);
weak_fn!("memfault_fault_handling_assert" = assert_handler);
weak_fn!("memfault_fault_handling_assert_extra" = assert_extra_handler);
weak_fn!("memfault_coredump_storage_compute_size_required" = compute_size_required);

unsafe extern "C" {
    /// Perhaps the program's own.
    fn memfault_fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason);
}

/// Marks the reset with pc and lr 0, saves a coredump, and returns, as on i386. `regs` is for the platform's hook only.
///
/// # Safety
/// As the platform's hook says.
unsafe extern "C" fn fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason) {
    mark(Place { pc: 0, lr: 0 }, reason);
    let here = 0u8;
    // SAFETY: an address of the stack, and no registers.
    unsafe { save_coredump(regs, (&raw const here).cast_mut().cast(), ptr::null(), 0) };
}

extern "C" fn assert_handler(pc: *mut c_void, lr: *mut c_void) {
    fail(pc, lr, reason::ASSERT)
}

/// # Safety
/// `extra_info` is NULL (the reason is that of an assert) or readable.
unsafe extern "C" fn assert_extra_handler(pc: *mut c_void, lr: *mut c_void, extra_info: *mut sMemfaultAssertInfo) {
    // SAFETY: NULL or readable.
    fail(pc, lr, unsafe { extra_info.as_ref() }.map_or(reason::ASSERT, |info| info.assert_reason))
}

/// No exception comes here that would save the coredump, so the fault handler is called.
fn fail(pc: *mut c_void, lr: *mut c_void, reason: u32) {
    assert_failed(pc.addr(), lr.addr(), reason);
    // SAFETY: there are no registers; both may be called anywhere.
    unsafe {
        memfault_fault_handler(ptr::null(), reason);
        memfault_platform_reboot()
    }
}

extern "C" fn compute_size_required() -> usize {
    size_required(ptr::null(), &MaybeUninit::<[u8; 0]>::uninit())
}
