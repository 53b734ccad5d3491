//! `memfault/metrics/platform/battery.h` (spec 40 §16): the platform's battery, with `MEMFAULT_METRICS_BATTERY_ENABLE`.

// C header:
// | #include <stdbool.h>
// | #include <stdint.h>

/// What the battery is like right now.
/// cbindgen:tag=MfltPlatformBatterySoc
#[repr(C)]
pub struct sMfltPlatformBatterySoc {
    /// State of charge: percent times `MEMFAULT_METRICS_BATTERY_SOC_PCT_SCALE_VALUE`.
    pub soc: u32,
    /// The battery is losing charge; false on the charger, also when it is full.
    pub discharging: bool,
}

const _: () = assert!(size_of::<sMfltPlatformBatterySoc>() == 8);

// The library calls it through a C unit that is compiled with the option: firmware without a battery does not define it.
//
// C header:
// | /**
// |  * Reads the battery. The firmware defines it.
// |  *
// |  * Returns 0 if `soc` is valid; `discharging` has to be right in any case. Called without a lock,
// |  * once by `memfault_metrics_battery_boot` and once per heartbeat.
// |  */
// | int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc);
