//! `memfault/core/device_info.h` (spec 20 §15): the device's own description as log lines.

use super::platform::device_info::{self, sMemfaultDeviceInfo};

// C header: only the items.

unsafe extern "C" {
    fn memfault_rs_log_device_info(info: *const sMemfaultDeviceInfo);
}

/// Logs serial number, software type, software version and hardware version, one info line each; `<NULL>` stands for a
/// missing one.
///
/// Calls `memfault_platform_get_device_info` once.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_device_info_dump() {
    let info = device_info::get();
    // SAFETY: log lines of the shim, with strings that live for ever.
    unsafe { memfault_rs_log_device_info(&raw const info) };
}
