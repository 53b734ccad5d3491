//! `memfault/metrics/utils.h` (spec 40 §12): a look at all metrics.
#![allow(clippy::useless_conversion)] // whether an enum of C is a u8 or a u32 depends on the firmware's compiler

use super::metrics::{METRICS, MemfaultMetricId};
use super::table::{FirmwareEntry, FirmwareTable};
use crate::ffi::abi;
use crate::metrics::registry::{Entry, Kind, Registry};
use crate::metrics::values::is_set;
use core::ffi::{c_int, c_void};

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/metrics/metrics.h"

/// The value of a metric, by its type.
/// cbindgen:tag-only=MemfaultMetricValue
#[repr(C)]
#[derive(Clone, Copy)]
pub union MemfaultMetricValue {
    /// An unsigned integer, or the milliseconds of a timer.
    pub u32: u32,
    /// A signed integer.
    pub i32: i32,
    /// A text, ended by a NUL.
    pub ptr: *mut c_void,
}

// C header:
// | /** A metric and its value. */
// | typedef struct {
// |   /** Which one it is. */
// |   MemfaultMetricId key;
// |   /** Its type. */
// |   eMemfaultMetricType type;
// |   /** Whether an integer is set. False for other types. */
// |   bool is_set;
// |   /** Its value. Of an integer that is not set: 0. */
// |   union MemfaultMetricValue val;
// |   /** The session that it belongs to. */
// |   eMfltMetricsSessionIndex session_key;
// | } sMemfaultMetricInfo;

/// A metric and its value.
/// cbindgen:ignore
#[repr(C)]
pub struct sMemfaultMetricInfo {
    /// Which one it is.
    pub key: MemfaultMetricId,
    /// Its type.
    pub r#type: abi::eMemfaultMetricType,
    /// Whether an integer is set. False for other types.
    pub is_set: bool,
    /// Its value. Of an integer that is not set: 0.
    pub val: MemfaultMetricValue,
    /// The session that it belongs to.
    pub session_key: abi::eMfltMetricsSessionIndex,
}

/// Gets one metric, which is valid during the call. False ends the iteration.
pub type MemfaultMetricIteratorCallback =
    Option<unsafe extern "C" fn(ctx: *mut c_void, metric_info: *const sMemfaultMetricInfo) -> bool>;

/// Calls `cb` for every metric of the heartbeat and of all sessions, in the order of their declaration, until it returns false.
///
/// The lock is held. Timers are not brought up to date. NULL does nothing.
///
/// # Safety
/// `cb` is NULL or takes `ctx`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_heartbeat_iterate(cb: MemfaultMetricIteratorCallback, ctx: *mut c_void) {
    if let Some(callback) = cb {
        // SAFETY: the caller's promise.
        METRICS.iterate(unsafe { visitor(callback, ctx) });
    }
}

/// What shows a metric to a callback. The same type for all callbacks, so that the code to visit metrics is there once.
///
/// # Safety
/// `callback` takes `ctx` as long as the visitor is used.
pub(super) unsafe fn visitor(
    callback: unsafe extern "C" fn(*mut c_void, *const sMemfaultMetricInfo) -> bool,
    ctx: *mut c_void,
) -> impl FnMut(FirmwareEntry) -> bool {
    move |entry| {
        let kind = entry.kind();
        // First all of it, for what a 32-bit number leaves.
        let mut val = MemfaultMetricValue { ptr: core::ptr::null_mut() };
        if kind == Kind::Text {
            // Cells may be written through a shared reference, should the callback do that.
            val.ptr = entry.text().as_ptr().cast_mut().cast();
        } else {
            val.u32 = entry.value().get();
        }
        let info = sMemfaultMetricInfo {
            key: MemfaultMetricId { _impl: entry.index() as c_int },
            r#type: kind as _,
            is_set: is_set(entry),
            val,
            session_key: entry.session() as _,
        };
        // SAFETY: the caller's promise.
        unsafe { callback(ctx, &raw const info) }
    }
}

/// Number of metrics of the heartbeat, built-in ones included. Takes the lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_get_num_metrics() -> usize {
    METRICS.count(FirmwareTable.heartbeat()) as usize
}

/// Number of metrics of a session, its own two included; 0 for an unknown one. Takes the lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_session_get_num_metrics(session_key: abi::eMfltMetricsSessionIndex) -> usize {
    METRICS.count(session_key.into()) as usize
}
