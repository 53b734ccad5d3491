//! What the library needs of `memfault/core/platform/core.h` (spec 20 §16.2), which is written by hand.

unsafe extern "C" {
    safe fn memfault_platform_get_time_since_boot_ms() -> u64;
}

/// Milliseconds since boot, from the firmware.
pub fn time_since_boot_ms() -> u64 {
    memfault_platform_get_time_since_boot_ms()
}
