//! `memfault_reboot_tracking_private.h` (spec 20 §20): the part of reboot tracking that only the library and tests use.

use super::reboot_tracking::REBOOTS;
use crate::ffi::abi;
use core::mem::offset_of;

/// What is known about the last reset.
/// cbindgen:tag=MfltResetReasonInfo
#[repr(C)]
pub struct sMfltResetReasonInfo {
    /// The recorded reason.
    pub reason: abi::eMemfaultRebootReason,
    /// Program counter of whoever recorded it, 0 if unknown.
    pub pc: u32,
    /// Return address of whoever recorded it, 0 if unknown.
    pub lr: u32,
    /// The hardware's reset reason register.
    pub reset_reason_reg0: u32,
    /// A coredump was saved before the reset.
    pub coredump_saved: bool,
}

const _: () = assert!(size_of::<sMfltResetReasonInfo>() == 20 && offset_of!(sMfltResetReasonInfo, pc) == 4);

/// Tells what is known about the last reset and not yet collected.
///
/// False, and nothing is written, if `info` is NULL, there is no region, or it holds neither a reason nor a register
/// value.
///
/// # Safety
/// `info` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_reboot_tracking_read_reset_info(info: *mut sMfltResetReasonInfo) -> bool {
    if info.is_null() {
        return false;
    }
    let Some(known) = REBOOTS.reset_info() else { return false };
    let known = sMfltResetReasonInfo {
        reason: known.reason,
        pc: known.pc,
        lr: known.lr,
        reset_reason_reg0: known.reset_reason_reg,
        coredump_saved: known.coredump_saved,
    };
    // SAFETY: not NULL, and writable by the caller's promise.
    unsafe { info.write(known) };
    true
}

/// Forgets the recorded reason with its pc, lr and register, and that a coredump was saved. The next reason is
/// recorded.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_clear_reset_info() {
    REBOOTS.clear_reset_info();
}

/// Forgets the reasons of the newest boot or mark.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_clear_reboot_reason() {
    REBOOTS.clear_boot_reasons();
}
