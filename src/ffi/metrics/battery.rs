//! `memfault/metrics/battery.h` (spec 40 §16): battery metrics, with `MEMFAULT_METRICS_BATTERY_ENABLE`.

use super::builtin::BuiltIns;
use super::platform::battery::sMfltPlatformBatterySoc;
use crate::ffi::cell::Global;
use crate::ffi::core::platform::core::time_since_boot_ms;
use crate::metrics::battery::{Battery, BatteryPlatform, Dropped, Reading};
use core::ffi::c_int;

// C header: only the items.

static BATTERY: Global<Battery> = Global::new(Battery::new());

/// The reference takes 24 bytes.
const _: () = assert!(size_of::<Battery>() == 16);

unsafe extern "C" {
    /// `memfault_platform_get_stateofcharge`, which exists only with the option.
    fn memfault_rs_battery_read(soc: *mut sMfltPlatformBatterySoc) -> c_int;
    safe fn memfault_rs_log_battery_soc_invalid(current: i32, last: i32);
    safe fn memfault_rs_log_battery_stop_missed();
    safe fn memfault_rs_log_battery_soc_rose(rise: u32);
}

/// The battery of the firmware's platform.
struct Platform;

impl BatteryPlatform for Platform {
    fn read(&self) -> Reading {
        let mut soc = sMfltPlatformBatterySoc { soc: 0, discharging: false };
        // SAFETY: a hook with a valid output.
        let result = unsafe { memfault_rs_battery_read(&raw mut soc) };
        Reading { soc: (result == 0).then_some(soc.soc), discharging: soc.discharging }
    }

    fn now_ms(&self) -> u64 {
        time_since_boot_ms()
    }

    fn log(&self, reason: Dropped) {
        match reason {
            Dropped::SocInvalid { current, last } => memfault_rs_log_battery_soc_invalid(current, last),
            Dropped::StopMissed => memfault_rs_log_battery_stop_missed(),
            Dropped::SocRose { rise } => memfault_rs_log_battery_soc_rose(rise),
        }
    }
}

/// The battery is being charged, or full on the charger: the interval up to now does not count as discharge.
///
/// Callable from interrupts, takes no lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_battery_stopped_discharging() {
    BATTERY.stopped_discharging();
}

/// Sets the battery metrics for the time since the last call. The heartbeat calls it.
///
/// `battery_soc_pct` is set if the state of charge is known; `battery_soc_pct_drop` and `battery_discharge_duration_ms`
/// if it was known at both ends, did not rise, and the battery discharged all the time. Why an interval does not count
/// is logged at debug level. Calls `memfault_platform_get_stateofcharge` once, then takes the lock for each metric.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_battery_collect_data() {
    BATTERY.collect(&Platform, &BuiltIns);
}

/// Starts battery metrics; call it once, when the platform can tell the state of charge. `memfault_metrics_boot` does not
/// do it.
///
/// Without this call the first interval does not count. Calls `memfault_platform_get_stateofcharge` once.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_battery_boot() {
    BATTERY.boot(&Platform);
}
