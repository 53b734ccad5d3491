//! `memfault/metrics/platform/timer.h` (spec 40 §19): the platform's timer for heartbeats.

use crate::ffi::util::cbor::NonNull;

// C header:
// | #include <stdbool.h>
// | #include <stdint.h>

/// What the timer calls: it makes a heartbeat.
pub type MemfaultPlatformTimerCallback = extern "C" fn();

unsafe extern "C" {
    /// Starts a timer that calls `callback` every `period_sec` seconds. The firmware defines it.
    ///
    /// The callback takes the lock and writes an event, so it has to run in a task or a main loop. Returns false if the
    /// timer cannot be started; `memfault_metrics_boot` fails then. Called once by each such boot, without a lock.
    fn memfault_platform_metrics_timer_boot(
        period_sec: u32,
        callback: Option<NonNull<MemfaultPlatformTimerCallback>>,
    ) -> bool;
}

/// Starts the firmware's timer. False: it could not.
pub fn boot(period_s: u32, callback: MemfaultPlatformTimerCallback) -> bool {
    // SAFETY: a hook; the callback lives as long as the program.
    unsafe { memfault_platform_metrics_timer_boot(period_s, Some(callback)) }
}
