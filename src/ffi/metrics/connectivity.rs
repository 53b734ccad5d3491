//! `memfault/metrics/connectivity.h` (spec 40 §17): connectivity metrics, each group with its option.

use super::builtin::BuiltIns;
use crate::ffi::abi;
use crate::metrics::builtin::Counters;
use crate::metrics::connectivity::{ConnectivityState, Sync};

// C header:
// | #include "memfault/config.h"
// |
// | #if MEMFAULT_METRICS_SYNC_SUCCESS

/// Counts an exchange of data that succeeded, with whatever the firmware calls its cloud or phone.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_connectivity_record_sync_success() {
    count(Sync::Success);
}

/// Counts one that failed.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_connectivity_record_sync_failure() {
    count(Sync::Failure);
}

// C header:
// | #endif
// |
// | #if MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS

/// Counts an upload of the SDK's own data that succeeded.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_connectivity_record_memfault_sync_success() {
    count(Sync::MemfaultSuccess);
}

/// Counts one that failed.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_connectivity_record_memfault_sync_failure() {
    count(Sync::MemfaultFailure);
}

// C header:
// | #endif
// |
// | #if MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME

/// What the connection does.
#[repr(C)]
pub enum eMemfaultMetricsConnectivityState {
    /// No connection is wanted.
    kMemfaultMetricsConnectivityState_Stopped = 0,
    /// A connection is wanted.
    kMemfaultMetricsConnectivityState_Started = 1,
    /// There is one.
    kMemfaultMetricsConnectivityState_Connected = 2,
    /// There was one, and it is still wanted.
    kMemfaultMetricsConnectivityState_ConnectionLost = 3,

    /// Number of states, not a state.
    kMemfaultMetricsConnectivityState_NumStates = 4,
}

unsafe extern "C" {
    safe fn memfault_rs_log_connectivity_state_unknown(state: u32);
}

/// Tells that the connection is now in `state`; call it at every change. Repeating a state changes nothing.
///
/// `connectivity_expected_time_ms` runs in all states but Stopped. `connectivity_connected_time_ms` runs from Connected
/// to ConnectionLost or Stopped; Started does not stop it. Any other number is logged as an error and changes nothing.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_connectivity_connected_state_change(state: abi::eMemfaultMetricsConnectivityState) {
    #[allow(clippy::useless_conversion)] // as wide as the firmware's enums
    let number = u32::from(state);
    match ConnectivityState::try_from(number) {
        Ok(state) => state.enter(&BuiltIns),
        Err(_) => memfault_rs_log_connectivity_state_unknown(number),
    }
}

// C header:
// | #endif

/// One function for all four counters: smaller than four times the same.
#[inline(never)]
fn count(what: Sync) {
    BuiltIns.add(what, 1);
}
