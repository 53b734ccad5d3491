//! `memfault/core/platform/device_info.h` (spec 20 section 15): what a device is called.

use crate::config::Config;
use crate::events::build_id::UniqueVersion;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::core::build_id_private;
use crate::ffi::raw;
use core::ffi::c_char;
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | /** Longest string in bytes that the self test accepts; the library itself does not cut. */
// | #ifndef MEMFAULT_DEVICE_INFO_MAX_STRING_SIZE
// |   #define MEMFAULT_DEVICE_INFO_MAX_STRING_SIZE (128)
// | #endif

/// The strings that name a device and its firmware; they live as long as the program.
/// cbindgen:tag=MemfaultDeviceInfo
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMemfaultDeviceInfo {
    /// Serial number of the device.
    pub device_serial: *const c_char,
    /// What the firmware is for, e.g. "main-firmware".
    pub software_type: *const c_char,
    /// Its version.
    pub software_version: *const c_char,
    /// Version of the hardware.
    pub hardware_version: *const c_char,
}

impl sMemfaultDeviceInfo {
    /// Nothing filled in.
    pub const EMPTY: Self = Self {
        device_serial: ptr::null(),
        software_type: ptr::null(),
        software_version: ptr::null(),
        hardware_version: ptr::null(),
    };
}

unsafe extern "C" {
    /// Fills in all four strings. The firmware defines it.
    ///
    /// Called for every event, log message and coredump, from any context that uses the SDK. Spec 20 §15.
    pub fn memfault_platform_get_device_info(info: *mut sMemfaultDeviceInfo);

    safe fn memfault_rs_log_no_build_id_for_version();
}

/// Asks the firmware. What it leaves out is NULL.
pub fn get() -> sMemfaultDeviceInfo {
    let mut info = sMemfaultDeviceInfo::EMPTY;
    // SAFETY: a hook with a valid output.
    unsafe { memfault_platform_get_device_info(&raw mut info) };
    info
}

static UNIQUE_VERSION: Global<UniqueVersion<{ Firmware::UNIQUE_VERSION_MAX_LEN }>> = Global::new(UniqueVersion::new());

/// Makes a version string that no other build has: `version`, `+`, and the first six hex digits of the build id.
///
/// The string is made once; every later call returns it, whatever `version` is. NULL: no string was made yet and `version` is
/// NULL, or longer than `MEMFAULT_UNIQUE_VERSION_MAX_LEN` - 8 characters (at exactly that length it gets five digits). Without
/// a build id `no-id` stands for the digits, and an error is logged. Spec 20 §15.
///
/// # Safety
/// `version` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_create_unique_version_string(version: *const c_char) -> *const c_char {
    let made = memfault_get_unique_version_string();
    if !made.is_null() || version.is_null() {
        return made;
    }
    let id = build_id_private::get();
    // SAFETY: the caller's promise.
    if !UNIQUE_VERSION.make(unsafe { raw::text(version) }, id) {
        return ptr::null();
    }
    if id.is_none() {
        memfault_rs_log_no_build_id_for_version();
    }
    UNIQUE_VERSION.as_ptr()
}

/// The string that `memfault_create_unique_version_string` has made, or NULL.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_get_unique_version_string() -> *const c_char {
    UNIQUE_VERSION.get().map_or(ptr::null(), |text| text.as_ptr().cast())
}
