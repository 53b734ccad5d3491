//! What the library needs of `memfault/core/platform/core.h` (spec 20 §16.2), which is written by hand.

unsafe extern "C" {
    safe fn memfault_platform_get_time_since_boot_ms() -> u64;

    /// Restarts the device and does not return.
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    pub fn memfault_platform_reboot() -> !;
    /// The same, but host tests have one that returns.
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    pub fn memfault_platform_reboot();

    /// Stops in the debugger if one is attached.
    #[cfg(feature = "panics")]
    pub safe fn memfault_platform_halt_if_debugging();
}

/// Milliseconds since boot, from the firmware.
pub fn time_since_boot_ms() -> u64 {
    memfault_platform_get_time_since_boot_ms()
}
