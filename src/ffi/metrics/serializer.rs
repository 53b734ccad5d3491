//! `memfault/metrics/serializer.h` (spec 40 §14): metrics as events. The metrics component calls these.
#![allow(clippy::useless_conversion)] // whether an enum of C is a u8 or a u32 depends on the firmware's compiler

use super::metrics::METRICS;
use super::table::FirmwareTable;
use crate::ffi::abi;
use crate::ffi::core::event_storage::Storage;
use crate::ffi::core::event_storage_implementation::sMemfaultEventStorageImpl;
use crate::metrics::registry::Registry;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/core/event_storage.h"
// | #include "memfault/metrics/ids_impl.h"

/// Bytes of the largest heartbeat with the current texts, device info, build id and time.
///
/// The 2 bytes that the storage adds are not in it. Calls the hooks for time and device info. Spec 40 §14.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_compute_worst_case_storage_size() -> usize {
    METRICS.worst_case_size(FirmwareTable.heartbeat())
}

/// The same for a session.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_session_compute_worst_case_storage_size(
    session: abi::eMfltMetricsSessionIndex,
) -> usize {
    METRICS.worst_case_size(session.into())
}

/// Stores an event with the current values of the heartbeat, which stay as they are. False: it does not fit, or NULL.
///
/// # Safety
/// `storage_impl` is NULL or a storage.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_heartbeat_serialize(storage_impl: *const sMemfaultEventStorageImpl) -> bool {
    // SAFETY: the caller's promise.
    unsafe { serialize(storage_impl, FirmwareTable.heartbeat()) }
}

/// The same for a session.
///
/// # Safety
/// `storage_impl` is NULL or a storage.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_session_serialize(
    storage_impl: *const sMemfaultEventStorageImpl,
    session: abi::eMfltMetricsSessionIndex,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { serialize(storage_impl, session.into()) }
}

/// # Safety
/// `storage_impl` is NULL or a storage.
unsafe fn serialize(storage_impl: *const sMemfaultEventStorageImpl, session: u32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { Storage::from_ptr(storage_impl) }.is_some_and(|storage| METRICS.serialize(storage, session))
}
