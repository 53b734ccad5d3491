//! The tests of coredumps (spec 30 §13.5 and §13.9).

use super::{Title, titled};
use crate::ffi::core::self_test::{memfault_self_test_platform_disable_irqs, memfault_self_test_platform_enable_irqs};
use crate::ffi::panics::coredump::{
    memfault_coredump_has_valid_coredump, memfault_coredump_size_and_storage_capacity,
    memfault_coredump_storage_check_size, memfault_coredump_storage_debug_test_begin,
    memfault_coredump_storage_debug_test_finish,
};
use crate::ffi::panics::coredump_impl::{memfault_coredump_get_arch_regions, memfault_coredump_get_sdk_regions};
use crate::ffi::panics::platform::coredump::sMfltCoredumpRegion;
use crate::ffi::panics::platform_regions;
use crate::ffi::raw;
use core::ffi::c_void;
use core::ptr;

unsafe extern "C" {
    safe fn memfault_rs_log_self_test_no_regions(problem: u32);
    safe fn memfault_rs_log_self_test_group(group: u32);
    safe fn memfault_rs_log_self_test_region(start: *const c_void, size: u32, kind: u32);
    safe fn memfault_rs_log_self_test_rule();
    safe fn memfault_rs_log_self_test_storage(problem: u32);
    safe fn memfault_rs_log_self_test_capacity(total: usize, capacity: usize);
}

weak_fn!("memfault_self_test_coredump_regions_test" = coredump_regions_test);
weak_fn!("memfault_self_test_coredump_storage_test" = coredump_storage_test);
weak_fn!("memfault_self_test_coredump_storage_capacity_test" = coredump_storage_capacity_test);

/// Numbers of the groups, known to the log lines.
const PLATFORM: u32 = 0;
const ARCH: u32 = 1;
const SDK: u32 = 2;
const NO_REGION: u32 = 0;
const NO_LIST: u32 = 1;

/// A list of regions as it came.
struct Group(*const sMfltCoredumpRegion, usize);

impl Group {
    /// # Safety
    /// `get` takes a valid output and returns NULL or as many regions as it says.
    unsafe fn from(get: unsafe extern "C" fn(*mut usize) -> *const sMfltCoredumpRegion) -> Self {
        let mut len = 0;
        // SAFETY: a valid output.
        let first = unsafe { get(&raw mut len) };
        Self(first, len)
    }

    #[inline(never)]
    fn print(&self, group: u32) {
        memfault_rs_log_self_test_group(group);
        // SAFETY: the firmware's list, of as many regions as it says, or NULL.
        for region in unsafe { raw::items(self.0, self.1) } {
            memfault_rs_log_self_test_region(region.region_start, region.region_size, region.r#type.into());
        }
        memfault_rs_log_self_test_rule();
    }
}

/// 1: the platform has no regions.
extern "C" fn coredump_regions_test() -> u32 {
    let (first, len) = platform_regions();
    let platform = Group(first, len);
    // SAFETY: functions of the library.
    let arch = unsafe { Group::from(memfault_coredump_get_arch_regions) };
    // SAFETY: as above.
    let sdk = unsafe { Group::from(memfault_coredump_get_sdk_regions) };
    titled(Title::CoredumpRegions, || {
        let mut result = 0;
        if platform.1 == 0 {
            memfault_rs_log_self_test_no_regions(NO_REGION);
            result = 1;
        }
        if platform.0.is_null() {
            memfault_rs_log_self_test_no_regions(NO_LIST);
            result = 1;
        }
        platform.print(PLATFORM);
        arch.print(ARCH);
        sdk.print(SDK);
        result
    })
}

const COREDUMP_PRESENT: u32 = 1;
const INTERRUPTS_ON: u32 = 2;
const STORAGE_BROKEN: u32 = 4;
const INTERRUPTS_STAY_OFF: u32 = 8; // a warning, no result

extern "C" fn coredump_storage_test() -> u32 {
    titled(Title::CoredumpStorage, || {
        // SAFETY: NULL is allowed.
        if unsafe { memfault_coredump_has_valid_coredump(ptr::null_mut()) } {
            memfault_rs_log_self_test_storage(COREDUMP_PRESENT);
            return COREDUMP_PRESENT;
        }
        if !memfault_self_test_platform_disable_irqs() {
            memfault_rs_log_self_test_storage(INTERRUPTS_ON);
            return INTERRUPTS_ON;
        }
        // The second half knows the result, too.
        let _ = memfault_coredump_storage_debug_test_begin();
        if !memfault_self_test_platform_enable_irqs() {
            memfault_rs_log_self_test_storage(INTERRUPTS_STAY_OFF);
        }
        if memfault_coredump_storage_debug_test_finish() { 0 } else { STORAGE_BROKEN }
    })
}

/// 1: the storage is too small.
extern "C" fn coredump_storage_capacity_test() -> u32 {
    titled(Title::CoredumpStorageCapacity, || {
        if !memfault_coredump_storage_check_size() {
            return 1;
        }
        let (mut total, mut capacity) = (0, 0);
        // SAFETY: valid outputs.
        unsafe { memfault_coredump_size_and_storage_capacity(&raw mut total, &raw mut capacity) };
        memfault_rs_log_self_test_capacity(total, capacity);
        0
    })
}
