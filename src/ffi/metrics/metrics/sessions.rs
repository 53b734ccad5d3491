//! Sessions: their callbacks, their start and their end.
use super::super::table::FirmwareTable;
use super::{METRICS, MemfaultMetricsSessionEndCb, MemfaultMetricsSessionStartCb, code};
use crate::ffi::abi;
use crate::metrics::platform::Edge;
use core::ffi::c_int;

// C header: a part of metrics.h.

/// Has `session_start_cb` called whenever the session has started; NULL: no longer. One callback per session.
///
/// # Safety
/// The callback is NULL or lives as long as the SDK is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_session_register_start_cb(
    session_key: abi::eMfltMetricsSessionIndex,
    session_start_cb: MemfaultMetricsSessionStartCb,
) {
    register(session_key.into(), Edge::Start, session_start_cb);
}

/// Has `session_end_cb` called whenever the session is about to end, also if it is not active; NULL: no longer.
///
/// # Safety
/// The callback is NULL or lives as long as the SDK is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_session_register_end_cb(
    session_key: abi::eMfltMetricsSessionIndex,
    session_end_cb: MemfaultMetricsSessionEndCb,
) {
    register(session_key.into(), Edge::End, session_end_cb);
}

#[inline(never)]
fn register(session: u32, edge: Edge, callback: MemfaultMetricsSessionStartCb) {
    METRICS.locked(|| {
        if let Some(cell) = FirmwareTable.callback(session, edge) {
            cell.set(callback);
        }
    });
}

/// Starts a session: resets its values, starts its length, calls its callback.
///
/// Returns 0; -1: no such session; -4: it is active (its values are reset nevertheless). Not for interrupts. Spec 40 §10.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_session_start(session_key: abi::eMfltMetricsSessionIndex) -> c_int {
    code(METRICS.start_session(session_key.into()))
}

/// Ends a session: calls its callback, then sends its values, which can be read until the next start.
///
/// Returns 0; -1: no such session; -4: it is not active, nothing is sent; -5: its event does not fit, or metrics are not
/// booted. The session is over in any case. Not for interrupts. Spec 40 §10.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_session_end(session_key: abi::eMfltMetricsSessionIndex) -> c_int {
    code(METRICS.end_session(session_key.into()))
}

/// Ends a session without sending anything and resets its values. No callback; also for one that is not active.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_session_reset(session_key: abi::eMfltMetricsSessionIndex) {
    METRICS.reset_session(session_key.into());
}
