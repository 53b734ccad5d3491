//! `memfault/panics/coredump.h` (spec 50, chapters 4 to 6 and 11): saving and sending what a crash left behind.
#![allow(clippy::useless_conversion)] // whether an enum of C is a u16 or a u32 depends on the firmware's compiler

use super::coredump_impl::{RegionList, memfault_coredump_get_arch_regions, memfault_coredump_get_sdk_regions};
use super::platform::coredump::{
    PlatformStorage, TargetMemory, memfault_coredump_read, memfault_platform_coredump_storage_clear,
    sMfltCoredumpRegion,
};
use crate::coredump::platform::{Platform, Storage};
use crate::coredump::save::{self, Purpose, SaveInfo};
use crate::coredump::storage_test::{self, StorageTest};
use crate::coredump::stored;
use crate::ffi::abi;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::core::data_packetizer_source::sMemfaultDataSourceImpl;
use crate::ffi::core::serializer_helper::FirmwareIdentity;
use core::ffi::c_void;
use core::mem::offset_of;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/core/reboot_reason_types.h"
// | #include "memfault/panics/platform/coredump.h"

/// What a coredump is made from.
/// cbindgen:tag=MemfaultCoredumpSaveInfo
#[repr(C)]
pub struct sMemfaultCoredumpSaveInfo {
    /// Registers, in the form of the coredump format; NULL for none.
    pub regs: *const c_void,
    /// Bytes of them. With `MEMFAULT_COREDUMP_CPU_COUNT` n it is n structs one after the other.
    pub regs_size: usize,
    /// Why the device will restart.
    pub trace_reason: abi::eMemfaultRebootReason,
    /// What is captured.
    pub regions: *const sMfltCoredumpRegion,
    /// How many regions that are.
    pub num_regions: usize,
}

const _: () = {
    let word = size_of::<usize>();
    assert!(size_of::<sMemfaultCoredumpSaveInfo>() == 5 * word);
    assert!(offset_of!(sMemfaultCoredumpSaveInfo, trace_reason) == 2 * word);
    assert!(offset_of!(sMemfaultCoredumpSaveInfo, regions) == 3 * word);
};

impl Platform for PlatformStorage {
    type Identity = FirmwareIdentity;
    type Regions = RegionList;

    fn identity(&self) -> &FirmwareIdentity {
        &FirmwareIdentity
    }

    fn arch_regions(&self) -> RegionList {
        // SAFETY: the function takes a valid output, and returns a list that lives until the next call.
        unsafe { region_list(memfault_coredump_get_arch_regions) }
    }

    fn sdk_regions(&self) -> RegionList {
        // SAFETY: as above.
        unsafe { region_list(memfault_coredump_get_sdk_regions) }
    }
}

/// # Safety
/// `get` takes a valid output and returns a list as [`RegionList::new`] asks for it.
unsafe fn region_list(get: unsafe extern "C" fn(*mut usize) -> *const sMfltCoredumpRegion) -> RegionList {
    let mut len = 0;
    // SAFETY: a valid output.
    let first = unsafe { get(&raw mut len) };
    // SAFETY: the caller's promise.
    unsafe { RegionList::new(first, len) }
}

/// Saves what `save_info` describes, or counts its bytes; 0 for NULL.
///
/// # Safety
/// As [`memfault_coredump_save`].
#[inline(never)]
pub(super) unsafe fn save_or_count(save_info: *const sMemfaultCoredumpSaveInfo, purpose: Purpose) -> usize {
    // SAFETY: NULL or valid by the caller's promise.
    let Some(info) = (unsafe { save_info.as_ref() }) else { return 0 };
    // SAFETY: the caller's promise.
    let registers = unsafe { TargetMemory::new(info.regs, info.regs_size) };
    // SAFETY: the caller's promise.
    let regions = unsafe { RegionList::new(info.regions, info.num_regions) };
    let info = SaveInfo { registers, reason: info.trace_reason.into(), regions };
    save::run::<Firmware, _>(&PlatformStorage, info, purpose)
}

/// Saves a coredump. False, and the storage is not touched: there are no regions, a `save_begin` hook refused, there is no
/// storage, or it holds a coredump that was not sent yet. False, and there is none afterwards: the storage does not work, or is too
/// small for all but the regions.
///
/// Regions that do not fit are cut or left out; a flag in the footer tells. For fault handlers: no lock, no logs. Not reentrant.
/// Spec 50, chapter 4.
///
/// # Safety
/// `save_info` is NULL or valid, its registers are NULL or readable for their length, its regions are NULL or as many as it says,
/// and the memory they describe is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_coredump_save(save_info: *const sMemfaultCoredumpSaveInfo) -> bool {
    // SAFETY: the caller's promise.
    unsafe { save_or_count(save_info, Purpose::Save) != 0 }
}

// C header:
// | /**
// |  * Handles a crash: marks the reset, saves a coredump, reboots. Called by the exception handlers and
// |  * by ports.
// |  */
// | void memfault_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason);
// |
// | /**
// |  * First thing in a crash, to feed a watchdog for example. Weak, does nothing. Cortex-M, Arm v7-A/R
// |  * and AArch64.
// |  */
// | extern void memfault_platform_fault_handler(const sMfltRegState *regs,
// |                                             eMemfaultRebootReason reason);

/// Is the storage large enough for a coredump as of now? Logs a warning if not.
///
/// For the boot of the firmware; the storage is not touched. Also true if the platform lists no regions. Spec 50, chapter 6.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_coredump_storage_check_size() -> bool {
    let size = PlatformStorage.size();
    let needed = memfault_coredump_storage_compute_size_required();
    if needed > size {
        memfault_rs_log_coredump_storage_too_small(size, needed);
    }
    needed <= size
}

unsafe extern "C" {
    /// Bytes that a coredump would have now; 0 without regions.
    ///
    /// Asks the platform for its regions once. Reads the MPU of a Cortex-M and fills the copy of the fault registers, if options
    /// say so. Spec 50, chapter 6.
    safe fn memfault_coredump_storage_compute_size_required() -> usize;

    safe fn memfault_rs_log_coredump_storage_too_small(size: usize, needed: usize);
    safe fn memfault_rs_log_storage_test_passed();
    fn memfault_rs_log_storage_test_failed(result: *const StorageTest, expected: *const u8);
}

/// Bytes that a coredump would have now, and bytes of the storage. Spec 50, chapter 6.
///
/// # Safety
/// `total_size` and `capacity` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_coredump_size_and_storage_capacity(total_size: *mut usize, capacity: *mut usize) {
    let size = PlatformStorage.size();
    let needed = memfault_coredump_storage_compute_size_required();
    for (to, value) in [(total_size, needed), (capacity, size)] {
        if !to.is_null() {
            // SAFETY: not NULL, and writable by the caller's promise.
            unsafe { to.write(value) };
        }
    }
}

/// Is there a coredump that was not sent yet? Its size in bytes goes to `*total_size_out`, which may be NULL.
///
/// Asks the platform for the storage and reads 12 bytes with `memfault_coredump_read`; nothing is remembered. Spec 50, chapter 5.
///
/// # Safety
/// `total_size_out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_coredump_has_valid_coredump(total_size_out: *mut usize) -> bool {
    let Some(total_len) = stored::total_len(&PlatformStorage) else { return false };
    if !total_size_out.is_null() {
        // SAFETY: not NULL, and writable by the caller's promise.
        unsafe { total_size_out.write(total_len) };
    }
    true
}

/// What the packetizer sends: the coredump in the storage.
/// cbindgen:ignore
#[unsafe(no_mangle)]
pub static g_memfault_coredump_data_source: sMemfaultDataSourceImpl = sMemfaultDataSourceImpl {
    has_more_msgs_cb: Some(memfault_coredump_has_valid_coredump),
    read_msg_cb: Some(memfault_coredump_read),
    mark_msg_read_cb: Some(memfault_platform_coredump_storage_clear),
};

static STORAGE_TEST: Global<StorageTest> = Global::new(StorageTest::new());

struct ShimLog;

impl storage_test::Log for ShimLog {
    fn passed(&self) {
        memfault_rs_log_storage_test_passed();
    }

    fn failed(&self, result: &StorageTest) {
        let expected = result.expected_pattern();
        // SAFETY: log lines of the shim, which knows the layout; the pattern is as long as what was compared with it.
        unsafe { memfault_rs_log_storage_test_failed(result, expected.as_ptr()) };
    }
}

/// Tests the driver of the storage, which it overwrites; the coredump in it is lost. False on failure.
///
/// Logs nothing, so it can run in an interrupt; the other half tells the result. Spec 50, chapter 11.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_coredump_storage_debug_test_begin() -> bool {
    STORAGE_TEST.begin(&PlatformStorage)
}

/// Clears the storage if the first half was good, logs the result and returns it. For threads. Spec 50, chapter 11.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_coredump_storage_debug_test_finish() -> bool {
    STORAGE_TEST.finish(&PlatformStorage, &ShimLog)
}

// C header:
// | #if MEMFAULT_CACHE_FAULT_REGS
// | /** Copies the fault status registers before something else clears them. Cortex-M. */
// | void memfault_coredump_cache_fault_regs(void);
// | #endif
