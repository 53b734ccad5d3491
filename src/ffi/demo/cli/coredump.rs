//! The commands about the coredump in the storage.

use crate::ffi::panics::coredump::{memfault_coredump_has_valid_coredump, memfault_coredump_size_and_storage_capacity};
use crate::ffi::panics::platform::coredump::memfault_platform_coredump_storage_clear;
use core::ffi::{c_char, c_int};

unsafe extern "C" {
    safe fn memfault_rs_log_demo_no_coredump();
    safe fn memfault_rs_log_demo_coredump(size: usize);
    safe fn memfault_rs_log_demo_clearing_coredump();
    safe fn memfault_rs_log_demo_coredump_size(size: usize, capacity: usize);
}

/// Is there a coredump?
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_cli_cmd_get_core(_argc: c_int, _argv: *mut *mut c_char) -> c_int {
    let mut size = 0;
    // SAFETY: a valid output.
    if unsafe { memfault_coredump_has_valid_coredump(&raw mut size) } {
        memfault_rs_log_demo_coredump(size);
    } else {
        memfault_rs_log_demo_no_coredump();
    }
    0
}

/// Drops the coredump.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_cli_cmd_clear_core(_argc: c_int, _argv: *mut *mut c_char) -> c_int {
    memfault_rs_log_demo_clearing_coredump();
    // SAFETY: a hook without arguments.
    unsafe { memfault_platform_coredump_storage_clear() };
    0
}

/// How large would a coredump be, and how large is its storage?
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_cli_cmd_coredump_size(_argc: c_int, _argv: *mut *mut c_char) -> c_int {
    let (mut size, mut capacity) = (0, 0);
    // SAFETY: valid outputs.
    unsafe { memfault_coredump_size_and_storage_capacity(&raw mut size, &raw mut capacity) };
    memfault_rs_log_demo_coredump_size(size, capacity);
    0
}
