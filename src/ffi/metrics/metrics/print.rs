//! Printing the current values.
use super::super::table::FirmwareTable;
use super::super::utils::{sMemfaultMetricInfo, visitor};
use super::METRICS;
use crate::ffi::abi;
use crate::metrics::registry::Registry;
use core::ffi::c_void;

// C header: a part of metrics.h.

unsafe extern "C" {
    safe fn memfault_rs_log_metrics_heading();
    fn memfault_rs_log_metric(metric: *const sMemfaultMetricInfo);
}

/// Logs the current values of the heartbeat, one info line each. Brings timers up to date. Spec 40 §13.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_debug_print() {
    print(FirmwareTable.heartbeat(), false);
}

/// Logs the current values of a session in the same way.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_session_debug_print(session_key: abi::eMfltMetricsSessionIndex) {
    print(session_key.into(), false);
}

/// Logs the current values of all sessions, but not of the heartbeat.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_all_sessions_debug_print() {
    print(FirmwareTable.heartbeat(), true);
}

/// Which metrics are printed.
struct Wanted {
    session: u32,
    /// Those of all other sessions instead.
    others: bool,
}

#[inline(never)]
fn print(session: u32, others: bool) {
    let mut wanted = Wanted { session, others };
    // SAFETY: what the callback takes.
    let visitor = unsafe { visitor(print_one, (&raw mut wanted).cast()) };
    METRICS.update_and_iterate(|| memfault_rs_log_metrics_heading(), visitor);
}

unsafe extern "C" fn print_one(wanted: *mut c_void, metric: *const sMemfaultMetricInfo) -> bool {
    // SAFETY: what the function above passes, and a metric that is valid during the call.
    let (wanted, session) = unsafe { (&*wanted.cast::<Wanted>(), (*metric).session_key) };
    if (u32::from(session) == wanted.session) != wanted.others {
        // SAFETY: a log line of the shim, with the same metric.
        unsafe { memfault_rs_log_metric(metric) };
    }
    true
}
