//! The metrics that the library sets itself (spec 40 §5): where they are in the firmware's table, and the collection of the
//! smallest of them.
//!
//! Position and presence depend on the firmware's options, so both come from `shim/memfault_rs_metrics_builtin.c`; a
//! metric that an option leaves out has an index that no metric has, and what is done to it has no effect.

use crate::ffi::core::platform::core::time_since_boot_ms;
use crate::ffi::metrics::metrics::{
    MemfaultMetricId, memfault_metrics_heartbeat_add, memfault_metrics_heartbeat_set_unsigned,
    memfault_metrics_heartbeat_timer_start, memfault_metrics_heartbeat_timer_stop,
};
use crate::metrics::battery::BatteryMetric;
use crate::metrics::builtin::{Counters, Gauges, LogCounts, LogLine, LogLines, Timers, uptime_s};
use crate::metrics::connectivity::{ConnectedTime, Sync};
use crate::metrics::reliability::Hours;
use core::ffi::c_int;

/// The index of a metric that the firmware does not have.
const ABSENT: u16 = u16::MAX;

unsafe extern "C" {
    // One table per module, in the order of its enum, so that the linker drops what is not used.
    safe static g_memfault_rs_hours_keys: [u16; 2];
    safe static g_memfault_rs_sync_keys: [u16; 4];
    safe static g_memfault_rs_connected_time_keys: [u16; 2];
    safe static g_memfault_rs_battery_keys: [u16; 3];
    safe static g_memfault_rs_log_line_keys: [u16; 2];

    safe fn memfault_log_get_dropped_count() -> u32;
    safe fn memfault_log_get_recorded_count() -> u32;
}

/// A metric of one of the modules.
trait BuiltIn {
    /// Its index.
    fn index(self) -> u16;
}

macro_rules! built_in {
    ($($name:ty => $table:ident),* $(,)?) => {
        $(impl BuiltIn for $name {
            fn index(self) -> u16 {
                $table.get(self as usize).copied().unwrap_or(ABSENT)
            }
        })*
    };
}

built_in! {
    Hours => g_memfault_rs_hours_keys,
    Sync => g_memfault_rs_sync_keys,
    ConnectedTime => g_memfault_rs_connected_time_keys,
    BatteryMetric => g_memfault_rs_battery_keys,
    LogLine => g_memfault_rs_log_line_keys,
}

/// The id of a metric, as the functions for everybody take it.
fn id(metric: impl BuiltIn) -> MemfaultMetricId {
    MemfaultMetricId { _impl: c_int::from(metric.index()) }
}

/// The metrics of the firmware, to a module of the library. Results are ignored: the only error is a metric that is not there.
pub struct BuiltIns;

impl<M: BuiltIn> Counters<M> for BuiltIns {
    fn add(&self, metric: M, amount: i32) {
        memfault_metrics_heartbeat_add(id(metric), amount);
    }
}

impl<M: BuiltIn> Gauges<M> for BuiltIns {
    fn set(&self, metric: M, value: u32) {
        memfault_metrics_heartbeat_set_unsigned(id(metric), value);
    }
}

impl<M: BuiltIn> Timers<M> for BuiltIns {
    fn start(&self, metric: M) {
        memfault_metrics_heartbeat_timer_start(id(metric));
    }

    fn stop(&self, metric: M) {
        memfault_metrics_heartbeat_timer_stop(id(metric));
    }
}

/// Adds the log lines since the last heartbeat to their metrics. With `MEMFAULT_METRICS_LOGS_ENABLE` the heartbeat calls it.
///
/// # Safety
/// `lines` is the part of the metrics' state that belongs to the log.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rs_metrics_collect_log_lines(lines: *mut LogLines) {
    let counts = LogCounts { dropped: memfault_log_get_dropped_count(), recorded: memfault_log_get_recorded_count() };
    // SAFETY: the caller's promise; it is made of cells.
    if let Some(lines) = unsafe { lines.as_ref() } {
        lines.collect(counts, &BuiltIns);
    }
}

/// Seconds since boot, as `uptime_s` has them.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_rs_metrics_uptime_s() -> u32 {
    uptime_s(time_since_boot_ms())
}
