//! What every architecture does in a crash (spec 50 chapter 9): one mark per boot, one coredump. The entry points are in
//! [`super::arch`].

use super::coredump::{memfault_coredump_save, sMemfaultCoredumpSaveInfo};
use super::coredump_impl::memfault_coredump_get_save_size;
use super::platform::coredump::sMfltCoredumpRegion;
use crate::events::reboot::reason;
use crate::fault::{CrashReason, Place};
use crate::ffi::abi;
use crate::ffi::cell::Global;
use crate::ffi::core::reboot_tracking::{
    memfault_reboot_tracking_mark_coredump_saved, memfault_reboot_tracking_mark_reset_imminent,
    sMfltRebootTrackingRegInfo,
};
use core::ffi::c_void;
use core::mem::offset_of;
use core::ptr;

/// The registers at the time of the crash; what they are depends on the architecture.
pub type sMfltRegState = c_void;

/// `sCoredumpCrashInfo` of `memfault/panics/platform/coredump.h`: the crash, for the choice of regions.
#[repr(C)]
pub(super) struct sCoredumpCrashInfo {
    stack_address: *mut c_void,
    trace_reason: abi::eMemfaultRebootReason,
    exception_reg_state: *const sMfltRegState,
}

const _: () = {
    let word = size_of::<usize>();
    assert!(size_of::<sCoredumpCrashInfo>() == 3 * word);
    assert!(offset_of!(sCoredumpCrashInfo, exception_reg_state) == 2 * word);
};

unsafe extern "C" {
    /// Lists what is to be captured.
    fn memfault_platform_coredump_get_regions(
        crash_info: *const sCoredumpCrashInfo,
        num_regions: *mut usize,
    ) -> *const sMfltCoredumpRegion;
}

/// The first crash event since boot.
static CRASH_REASON: Global<CrashReason> = Global::new(CrashReason::new());

/// Marks the reset if this event is the first one since boot.
#[inline(never)]
pub(super) fn mark(place: Place, reason: u32) {
    if CRASH_REASON.is_first(reason) {
        let registers = sMfltRebootTrackingRegInfo { pc: place.pc, lr: place.lr };
        // SAFETY: the registers are readable.
        unsafe {
            memfault_reboot_tracking_mark_reset_imminent(reason as abi::eMemfaultRebootReason, &raw const registers)
        };
    }
}

/// Saves a coredump. `regs` is what hooks see, `block` what is saved, in the layout of the coredump.
///
/// # Safety
/// `block` is readable for `block_size` bytes or NULL; `regs` is for the platform's hook.
pub(super) unsafe fn save_coredump(
    regs: *const sMfltRegState,
    stack_address: *mut c_void,
    block: *const c_void,
    block_size: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let trace_reason = CRASH_REASON.get() as abi::eMemfaultRebootReason;
        let save_info = save_info(regs, stack_address, trace_reason, block, block_size);
        if memfault_coredump_save(&raw const save_info) {
            memfault_reboot_tracking_mark_coredump_saved();
        }
    }
}

/// Bytes of a coredump as of now, with the register block `block`, which is counted and not read. `regs` is what the platform's
/// hook sees.
pub(super) fn size_required<T>(regs: *const sMfltRegState, block: &T) -> usize {
    let block: *const c_void = (&raw const *block).cast();
    // SAFETY: the block is as large as is said, and for the hook its address is one of the current stack.
    unsafe {
        let reason = reason::UNKNOWN_ERROR as abi::eMemfaultRebootReason;
        let save_info = save_info(regs, block.cast_mut(), reason, block, size_of::<T>());
        memfault_coredump_get_save_size(&raw const save_info)
    }
}

/// What the platform would capture now, for the self test: a list, which may be NULL, and its length.
pub(in crate::ffi) fn platform_regions() -> (*const sMfltCoredumpRegion, usize) {
    let mut num_regions = 0;
    let crash_info = sCoredumpCrashInfo {
        stack_address: (&raw mut num_regions).cast(),
        trace_reason: reason::UNKNOWN as abi::eMemfaultRebootReason,
        exception_reg_state: ptr::null(),
    };
    // SAFETY: both are valid during the call, and the stack is the running one.
    let regions = unsafe { memfault_platform_coredump_get_regions(&raw const crash_info, &raw mut num_regions) };
    (regions, num_regions)
}

/// Asks the platform what to capture.
///
/// # Safety
/// As [`save_coredump`].
unsafe fn save_info(
    exception_reg_state: *const sMfltRegState,
    stack_address: *mut c_void,
    trace_reason: abi::eMemfaultRebootReason,
    regs: *const c_void,
    regs_size: usize,
) -> sMemfaultCoredumpSaveInfo {
    let crash_info = sCoredumpCrashInfo { stack_address, trace_reason, exception_reg_state };
    let mut num_regions = 0;
    // SAFETY: both are valid during the call.
    let regions = unsafe { memfault_platform_coredump_get_regions(&raw const crash_info, &raw mut num_regions) };
    sMemfaultCoredumpSaveInfo { regs, regs_size, trace_reason, regions, num_regions }
}

/// What the assert functions do before they raise the exception: mark the reset, and halt where a debugger is wanted.
#[cfg(not(target_arch = "aarch64"))]
pub(super) extern "C" fn assert_failed(pc: usize, lr: usize, reason: u32) {
    use crate::config::Config;
    use crate::ffi::config::Firmware;
    use crate::ffi::core::platform::core::memfault_platform_halt_if_debugging;

    mark(Place { pc: pc as u32, lr: lr as u32 }, reason);
    if Firmware::ASSERT_HALT_IF_DEBUGGING_ENABLED {
        memfault_platform_halt_if_debugging();
    }
}

/// The same for AArch64, which does not halt.
#[cfg(target_arch = "aarch64")]
pub(super) extern "C" fn assert_failed(pc: usize, lr: usize, reason: u32) {
    mark(Place { pc: pc as u32, lr: lr as u32 }, reason);
}

/// Regions that the architecture adds to a coredump: none but on Cortex-M. Spec 50 chapter 8.
///
/// # Safety
/// `num_regions` is writable or NULL.
#[cfg(not(thumb))]
#[cfg_attr(not(target_arch = "x86_64"), unsafe(export_name = "memfault_coredump_get_arch_regions"))]
unsafe extern "C" fn no_arch_regions(num_regions: *mut usize) -> *const sMfltCoredumpRegion {
    if !num_regions.is_null() {
        // SAFETY: not NULL, else the caller's promise.
        unsafe { num_regions.write(0) };
    }
    core::ptr::null()
}
// As everything for development machines, see `arch::posix::x86_64`.
#[cfg(target_arch = "x86_64")]
weak_fn!("memfault_coredump_get_arch_regions" = no_arch_regions);
