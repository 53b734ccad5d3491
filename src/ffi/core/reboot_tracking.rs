//! `memfault/core/reboot_tracking.h` (spec 20 §12 and §13): why the device restarted, kept in RAM that survives the
//! restart.

use super::event_storage::Storage;
use super::event_storage_implementation::sMemfaultEventStorageImpl;
use super::serializer_helper::FirmwareIdentity;
use crate::events::reboot::{Backup, BootupInfo, RebootTracking, Region, Registers};
use crate::events::reboot_event::{self, RebootLog, StorageFull};
use crate::ffi::abi;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use core::ffi::{c_int, c_void};
use core::mem::offset_of;
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/core/compiler.h"
// | #include "memfault/core/event_storage.h"
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/core/reboot_reason_types.h"

/// Bytes of the region for `memfault_reboot_tracking_boot`.
pub const MEMFAULT_REBOOT_TRACKING_REGION_SIZE: usize = 64;

/// What the hardware says about the last reset.
/// cbindgen:tag=BootupInfo
#[repr(C)]
pub struct sResetBootupInfo {
    /// The reset reason register of the hardware, as it is; 0 if there is none.
    pub reset_reason_reg: u32,
    /// What it means.
    pub reset_reason: abi::eMemfaultRebootReason,
}

/// Two answers to why the device restarted.
/// cbindgen:tag=MfltRebootType
#[repr(C)]
pub struct sMfltRebootReason {
    /// The reason given at boot, i.e. by the hardware.
    pub reboot_reg_reason: abi::eMemfaultRebootReason,
    /// The reason that was marked before the reset; the same as the other one if none was.
    pub prior_stored_reason: abi::eMemfaultRebootReason,
}

/// Where a reset was asked for.
/// cbindgen:tag=MfltRebootTrackingRegInfo
#[repr(C)]
pub struct sMfltRebootTrackingRegInfo {
    /// Program counter.
    pub pc: u32,
    /// Return address.
    pub lr: u32,
}

// C header:
// | /** The enumerator of a reason given by its bare name. */
// | #define MEMFAULT_REBOOT_REASON_KEY(name) kMfltRebootReason_##name
// |
// | /**
// |  * Marks a reset with the pc and return address of this place: call it right before the reset. The
// |  * second takes the bare name of a reason, as in MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE(name).
// |  */
// | #define MEMFAULT_REBOOT_MARK_RESET_IMMINENT(reason_)                       \
// |   do {                                                                     \
// |     void *mflt_pc;                                                         \
// |     void *mflt_lr;                                                         \
// |     MEMFAULT_GET_PC(mflt_pc);                                              \
// |     MEMFAULT_GET_LR(mflt_lr);                                              \
// |     sMfltRebootTrackingRegInfo mflt_reg_info;                              \
// |     mflt_reg_info.pc = (uint32_t)(uintptr_t)mflt_pc;                       \
// |     mflt_reg_info.lr = (uint32_t)(uintptr_t)mflt_lr;                       \
// |     memfault_reboot_tracking_mark_reset_imminent(reason_, &mflt_reg_info); \
// |   } while (0)
// | #define MEMFAULT_REBOOT_MARK_RESET_IMMINENT_CUSTOM(reason_) \
// |   MEMFAULT_REBOOT_MARK_RESET_IMMINENT(MEMFAULT_REBOOT_REASON_KEY(reason_))
// |
// | #if MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE == 1
// |   /* Outside of the firmware's file a definition would have no effect, so it does not compile. */
// |   #define MEMFAULT_REBOOT_REASON_DEFINE_TRAP_()                                     \
// |     MEMFAULT_STATIC_ASSERT(false, "reboot reasons can only be defined in the file " \
// |                                   MEMFAULT_REBOOT_REASON_USER_DEFS_FILE)
// |   #define MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE(_name) MEMFAULT_REBOOT_REASON_DEFINE_TRAP_()
// |   #define MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE(_name) MEMFAULT_REBOOT_REASON_DEFINE_TRAP_()
// | #endif

/// The region as the load and save hooks see it: bytes to be copied as a whole.
/// cbindgen:tag=MemfaultRebootTrackingStorage
#[repr(C, packed)]
pub struct sMemfaultRebootTrackingStorage {
    /// The content.
    pub data: [u8; MEMFAULT_REBOOT_TRACKING_REGION_SIZE],
}

const _: () = assert!(size_of::<Region>() == size_of::<sMemfaultRebootTrackingStorage>());
const _: () = assert!(size_of::<sMfltRebootReason>() == 2 * size_of::<abi::eMemfaultRebootReason>());
const _: () = assert!(size_of::<sResetBootupInfo>() == 8);

// The core's types of the same content are used in their place.
type CoreInfo = BootupInfo<abi::eMemfaultRebootReason>;
const _: () = assert!(size_of::<CoreInfo>() == size_of::<sResetBootupInfo>());
const _: () = assert!(offset_of!(CoreInfo, reset_reason) == offset_of!(sResetBootupInfo, reset_reason));
const _: () = assert!(offset_of!(Registers, lr) == offset_of!(sMfltRebootTrackingRegInfo, lr));

pub(super) static REBOOTS: Global<RebootTracking<'static, abi::eMemfaultRebootReason>> =
    Global::new(RebootTracking::new(0));

unsafe extern "C" {
    /// Overwrites the region with a copy kept elsewhere. Weak, does nothing.
    ///
    /// Called once by each `memfault_reboot_tracking_boot`, before the region is looked at.
    fn memfault_reboot_tracking_load(dst: *mut sMemfaultRebootTrackingStorage);
    /// Keeps a copy of the region elsewhere, for RAM that does not survive a reset. Weak, does nothing.
    ///
    /// Called once by each `memfault_reboot_tracking_mark_reset_imminent`, also in a fault handler.
    fn memfault_reboot_tracking_save(src: *const sMemfaultRebootTrackingStorage);

    safe fn memfault_rs_log_no_reset_info();
    safe fn memfault_rs_log_reboot_not_stored(capacity: usize, worst_case: usize);
}

weak_fn!("memfault_reboot_tracking_load" = load_default);
weak_fn!("memfault_reboot_tracking_save" = save_default);

extern "C" fn load_default(_: *mut sMemfaultRebootTrackingStorage) {}
extern "C" fn save_default(_: *const sMemfaultRebootTrackingStorage) {}

/// The copy that the firmware's hooks keep.
struct PlatformBackup;

impl Backup for PlatformBackup {
    fn load(&self, region: &Region) {
        // SAFETY: the region is made of cells, so it may be written through a shared reference; the hook gets its 64
        // bytes.
        unsafe { memfault_reboot_tracking_load(ptr::from_ref(region).cast_mut().cast()) }
    }

    fn save(&self, region: &Region) {
        // SAFETY: as in `load`; the hook reads only.
        unsafe { memfault_reboot_tracking_save(ptr::from_ref(region).cast()) }
    }
}

/// Starts reboot tracking; call it first thing, once per run.
///
/// `start_addr` are 64 bytes, of any alignment, that no start-up code clears and that lie at the same address in every
/// image that uses them. `bootup_info` is what the hardware says, NULL if nothing. The reason given here is recorded if
/// no other one waits to be collected; if the recorded reason is an unexpected one (0, or from 0x8000), the crash count
/// goes up by one. NULL as `start_addr` stops tracking. Takes no lock. Spec 20 §12.4.
///
/// # Safety
/// `start_addr` is NULL or readable and writable for 64 bytes, as long as the SDK is used; `bootup_info` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_reboot_tracking_boot(start_addr: *mut c_void, bootup_info: *const sResetBootupInfo) {
    // SAFETY: the caller's promise; bytes of any value make a region.
    let region: Option<&'static Region> = unsafe { start_addr.cast::<Region>().as_ref() };
    // SAFETY: the caller's promise; the core's type has the same layout.
    let info = unsafe { bootup_info.cast::<CoreInfo>().as_ref() };
    REBOOTS.boot(region, info, &PlatformBackup);
}

/// Records why a reset is about to happen; the first reason since the last collection counts, later ones are ignored.
///
/// `reg` tells from where, NULL if not known. Callable from interrupts and fault handlers: no lock, no log. Use
/// `MEMFAULT_REBOOT_MARK_RESET_IMMINENT` to get pc and lr filled in. Spec 20 §12.3.
///
/// # Safety
/// `reg` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_reboot_tracking_mark_reset_imminent(
    reboot_reason: abi::eMemfaultRebootReason,
    reg: *const sMfltRebootTrackingRegInfo,
) {
    // SAFETY: the caller's promise; the core's type has the same layout.
    let registers = unsafe { reg.cast::<Registers>().as_ref() };
    REBOOTS.mark_reset_imminent(reboot_reason, registers, &PlatformBackup);
}

struct ShimLog;

impl RebootLog for ShimLog {
    fn no_reset_info(&self) {
        memfault_rs_log_no_reset_info();
    }

    fn not_stored(&self, capacity: usize, worst_case: usize) {
        memfault_rs_log_reboot_not_stored(capacity, worst_case);
    }
}

/// Makes an event of what is known about the last reset, and forgets it once it is stored; call it once per boot.
///
/// Returns 0, also when nothing is known (a warning is logged). -1: NULL. -2: the event does not fit (warnings are
/// logged); what is known is kept for another try. Takes the lock and calls the hooks for time and device info; not for
/// interrupts. Spec 20 §13.
///
/// # Safety
/// `storage_impl` is NULL or a storage.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_reboot_tracking_collect_reset_info(
    storage_impl: *const sMemfaultEventStorageImpl,
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(storage) = (unsafe { Storage::from_ptr(storage_impl) }) else { return -1 };
    match reboot_event::collect::<Firmware, _, _>(&REBOOTS, storage, &FirmwareIdentity, &ShimLog) {
        Ok(()) => 0,
        Err(StorageFull) => -2,
    }
}

/// Bytes of the largest reboot event, with the device info, build id and time of now.
///
/// The 2 bytes that the storage adds are not in it. Calls the hooks for time and device info. Spec 20 §7.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_compute_worst_case_storage_size() -> usize {
    reboot_event::worst_case_size::<Firmware, Storage>(&FirmwareIdentity)
}

/// Number of boots after an unexpected reset since the region was created or the count was cleared, modulo 256.
///
/// 0 before `memfault_reboot_tracking_boot`.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_get_crash_count() -> usize {
    REBOOTS.crash_count().into()
}

/// Sets the number of crashes to 0, for example after it was reported.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_reset_crash_count() {
    REBOOTS.reset_crash_count();
}

/// Records that a coredump was saved. The coredump code calls it after a successful save.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_mark_coredump_saved() {
    REBOOTS.mark_coredump_saved();
}

/// Tells why the device restarted; collecting the reset info does not change the answer.
///
/// 0: `reboot_reason` is filled in. -1, and nothing is written: it is NULL, or tracking was not booted. After a mark in
/// the same run the answer is about the mark.
///
/// # Safety
/// `reboot_reason` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_reboot_tracking_get_reboot_reason(reboot_reason: *mut sMfltRebootReason) -> c_int {
    let Some(known) = REBOOTS.boot_reasons() else { return -1 };
    if reboot_reason.is_null() {
        return -1;
    }
    // SAFETY: not NULL, and writable by the caller's promise.
    unsafe {
        reboot_reason.write(sMfltRebootReason { reboot_reg_reason: known.reg, prior_stored_reason: known.prior })
    };
    0
}

/// Tells whether the last reset was an unexpected one: its reason is 0 or at least 0x8000.
///
/// 0: the answer is written. -1, and nothing is written: the pointer is NULL, or tracking was not booted.
///
/// # Safety
/// `unexpected_reboot_occurred` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_reboot_tracking_get_unexpected_reboot_occurred(
    unexpected_reboot_occurred: *mut bool,
) -> c_int {
    let Some(unexpected) = REBOOTS.unexpected_reboot_occurred() else { return -1 };
    if unexpected_reboot_occurred.is_null() {
        return -1;
    }
    // SAFETY: not NULL, and writable by the caller's promise.
    unsafe { unexpected_reboot_occurred.write(unexpected) };
    0
}

/// True when there is a region and its content is good. Changes nothing.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_booted() -> bool {
    REBOOTS.booted()
}

/// Records that a metrics session started (`activate`) or ended, so that the next boot knows which one a crash
/// interrupted.
///
/// Only sessions 0 to 31 are tracked; others are ignored.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_metrics_session(activate: bool, index: u32) {
    REBOOTS.set_session_active(activate, index);
}

/// Forgets all metrics sessions.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_clear_metrics_sessions() {
    REBOOTS.clear_sessions();
}

/// True when the metrics session was running at the last reset (or has been started since). False for `index` from 32
/// on.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_reboot_tracking_metrics_session_was_active(index: u32) -> bool {
    REBOOTS.session_was_active(index)
}
