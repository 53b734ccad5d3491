//! `memfault/core/self_test.h` (spec 30 chapter 13): self test, is the SDK integrated correctly?

use super::sdk_assert::sdk_assert;
use super::self_test_private as tests;
use crate::config::Config;
use crate::diagnostics::self_test::Tests;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use core::ffi::{c_char, c_int};

// C header:
// | #include <stdbool.h>
// | #include <stdint.h>
// |
// | /* Tests that memfault_self_test_run() can run; combine with |. */
// | typedef enum {
// |   kMemfaultSelfTestFlag_DeviceInfo = (1 << 0),
// |   kMemfaultSelfTestFlag_ComponentBoot = (1 << 1),
// |   kMemfaultSelfTestFlag_CoredumpRegions = (1 << 2),
// |   kMemfaultSelfTestFlag_DataExport = (1 << 3),
// |   /* Reboots the device. */
// |   kMemfaultSelfTestFlag_RebootReason = (1 << 4),
// |   /* To be run after that reboot. */
// |   kMemfaultSelfTestFlag_RebootReasonVerify = (1 << 5),
// |   kMemfaultSelfTestFlag_PlatformTime = (1 << 6),
// |   /* Overwrites the coredump storage. */
// |   kMemfaultSelfTestFlag_CoredumpStorage = (1 << 7),
// |   kMemfaultSelfTestFlag_CoredumpStorageCapacity = (1 << 8),
// |
// |   /* Those that can always be run. */
// |   kMemfaultSelfTestFlag_Default =
// |     (kMemfaultSelfTestFlag_DeviceInfo | kMemfaultSelfTestFlag_ComponentBoot |
// |      kMemfaultSelfTestFlag_CoredumpRegions | kMemfaultSelfTestFlag_DataExport |
// |      kMemfaultSelfTestFlag_PlatformTime | kMemfaultSelfTestFlag_CoredumpStorageCapacity),
// | } eMemfaultSelfTestFlag;

unsafe extern "C" {
    safe fn memfault_rs_log_self_test_storage_off();
    fn memfault_rs_log_self_test_unknown(arg: *const c_char);
    safe fn memfault_rs_log_self_test_no_delay();
    safe fn memfault_rs_log_self_test_no_disable_irqs();
    safe fn memfault_rs_log_self_test_no_enable_irqs();
}

/// Runs the selected tests, one after the other, and logs their results. Returns 0 if all passed, else 1.
///
/// Takes bits of `eMemfaultSelfTestFlag`; unknown ones are ignored. The test of the coredump storage needs
/// `MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE`, and counts as failed without. For a thread. Spec 30 chapter 13.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_self_test_run(run_flags: u32) -> c_int {
    let wanted = Tests(run_flags);
    let mut result = 0;
    if wanted.has(Tests::DEVICE_INFO) {
        result |= tests::memfault_self_test_device_info_test();
    }
    if wanted.has(Tests::COMPONENT_BOOT) {
        result |= tests::memfault_self_test_component_boot_test();
    }
    if wanted.has(Tests::COREDUMP_REGIONS) {
        result |= tests::memfault_self_test_coredump_regions_test();
    }
    if wanted.has(Tests::DATA_EXPORT) {
        tests::memfault_self_test_data_export_test();
    }
    if wanted.has(Tests::REBOOT_REASON) {
        tests::memfault_self_test_reboot_reason_test();
    }
    if wanted.has(Tests::REBOOT_REASON_VERIFY) {
        // IMPROVE (spec 30 §13.1): earlier failures are not forgotten.
        result |= tests::memfault_self_test_reboot_reason_test_verify();
    }
    if wanted.has(Tests::PLATFORM_TIME) {
        result |= tests::memfault_self_test_time_test();
    }
    if wanted.has(Tests::COREDUMP_STORAGE) {
        result |= if Firmware::DEMO_CLI_SELF_TEST_COREDUMP_STORAGE {
            tests::memfault_self_test_coredump_storage_test()
        } else {
            memfault_rs_log_self_test_storage_off();
            1
        };
    }
    if wanted.has(Tests::COREDUMP_STORAGE_CAPACITY) {
        result |= tests::memfault_self_test_coredump_storage_capacity_test();
    }
    c_int::from(result != 0)
}

/// The flag for an argument of the shell command: `reboot`, `reboot_verify` or `coredump_storage`; for anything else the
/// default set, with a warning in the log.
///
/// NULL is an SDK assert, and the default set where that returns. Spec 30 §13.1.
///
/// # Safety
/// `arg` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_self_test_arg_to_flag(arg: *const c_char) -> u32 {
    if !sdk_assert(!arg.is_null()) {
        return Tests::DEFAULT.0;
    }
    // SAFETY: the caller's promise.
    let named = Tests::named(unsafe { raw::text(arg) });
    if named.is_none() {
        // SAFETY: a log line of the shim with a string.
        unsafe { memfault_rs_log_self_test_unknown(arg) };
    }
    named.unwrap_or(Tests::DEFAULT).0
}

#[allow(dead_code)] // the tests call them
unsafe extern "C" {
    /// Waits `delay_ms` milliseconds; called once, for the test of the clock. Weak: logs that it is missing.
    pub safe fn memfault_self_test_platform_delay(delay_ms: u32);

    /// Turns interrupts off, for the test of the coredump storage. True on success. Weak: logs that it is missing, false.
    pub safe fn memfault_self_test_platform_disable_irqs() -> bool;

    /// Turns interrupts on again. True on success. Weak: logs that it is missing, false.
    pub safe fn memfault_self_test_platform_enable_irqs() -> bool;
}

weak_fn!("memfault_self_test_platform_delay" = no_delay);
weak_fn!("memfault_self_test_platform_disable_irqs" = no_disable_irqs);
weak_fn!("memfault_self_test_platform_enable_irqs" = no_enable_irqs);

extern "C" fn no_delay(_: u32) {
    memfault_rs_log_self_test_no_delay();
}

extern "C" fn no_disable_irqs() -> bool {
    memfault_rs_log_self_test_no_disable_irqs();
    false
}

extern "C" fn no_enable_irqs() -> bool {
    memfault_rs_log_self_test_no_enable_irqs();
    false
}
