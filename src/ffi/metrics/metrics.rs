//! `memfault/metrics/metrics.h` (spec 40 §3, §6 to §10): numbers about the device's life, sent in heartbeats and sessions.
//!
//! The declarations of the modules stand where the header has their functions.
#![allow(clippy::useless_conversion)] // whether an enum of C is a u8 or a u32 depends on the firmware's compiler

use super::table::FirmwareTable;
use crate::ffi::config::Firmware;
use crate::ffi::core::event_storage::Storage;
use crate::ffi::core::event_storage_implementation::sMemfaultEventStorageImpl;
use crate::metrics::platform::Platform;
use crate::metrics::{Error, Metrics};
use core::ffi::c_int;
use firmware::FirmwarePlatform;

mod firmware;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/compiler.h"
// | #include "memfault/core/event_storage.h"
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/metrics/ids_impl.h"

/// Type of a metric. The numbers are known to the cloud.
/// cbindgen:tag=MemfaultMetricValueType
#[repr(C)]
pub enum eMemfaultMetricType {
    /// An unsigned integer.
    kMemfaultMetricType_Unsigned = 0,
    /// A signed integer.
    kMemfaultMetricType_Signed = 1,
    /// Milliseconds, measured by start and stop.
    kMemfaultMetricType_Timer = 2,
    /// A text, declared with the STRING macros below.
    kMemfaultMetricType_String = 3,

    /// Number of types, not a type.
    kMemfaultMetricType_NumTypes = 4,
}

// C header:
// | /* The firmware lists its metrics in memfault_metrics_heartbeat_config.def, one line each, without
// |  * commas:
// |  *
// |  *   MEMFAULT_METRICS_KEY_DEFINE(main_task_wakeups, kMemfaultMetricType_Unsigned)
// |  *
// |  * and sets them by their bare names: MEMFAULT_METRIC_ADD(main_task_wakeups, 1). Every heartbeat
// |  * sends them and starts them anew. A metric of a session is sent when that session ends.
// |  *
// |  * The macros of that file; used anywhere else they do not compile:
// |  *
// |  *   MEMFAULT_METRICS_KEY_DEFINE(key, type)                           a metric
// |  *   MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key, type, min, max)      with its range, for display
// |  *   MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key, type, scale)   the cloud divides by scale
// |  *   MEMFAULT_METRICS_STRING_KEY_DEFINE(key, max_length)              a text; NUL not counted
// |  *   MEMFAULT_METRICS_SESSION_KEY_DEFINE(session)                     a session; at most 31
// |  *   MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key, type, session)     a metric of that session
// |  */
// | #define MEMFAULT_METRICS_KEY_DEFINE(key_name, value_type) MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key_name, value_type, min_value, max_value) \
// |   MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_STRING_KEY_DEFINE(key_name, max_length) MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key_name, value_type, scale_value) \
// |   MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_SESSION_KEY_DEFINE(key_name) MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key_name, value_type, session_key) \
// |   MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(key_name, value_type, min_value, \
// |                                                            max_value, session_key)          \
// |   MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(key_name, max_length, session_key) \
// |   MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// | #define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(key_name, value_type,     \
// |                                                                  session_key, scale_value) \
// |   MEMFAULT_METRICS_KEY_DEFINE_TRAP_()
// |
// | /* The id of a metric given by its bare name, of the heartbeat or of a session. Also a static
// |  * initialiser in GNU C.
// |  */
// | #define MEMFAULT_METRICS_KEY(key_name) _MEMFAULT_METRICS_ID(key_name, heartbeat)
// | #define MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key) \
// |   _MEMFAULT_METRICS_ID(key_name, session_key)

/// The name of a metric. `MEMFAULT_METRICS_KEY()` makes one; two are equal if their numbers are.
/// cbindgen:ignore
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MemfaultMetricId {
    /// Place of the metric in the list of all metrics.
    pub _impl: c_int,
}

/// What `memfault_metrics_boot` wants to know.
/// cbindgen:tag=MemfaultMetricsBootInfo
#[repr(C)]
pub struct sMemfaultMetricBootInfo {
    /// Unexpected reboots since the last heartbeat: `memfault_reboot_tracking_get_crash_count()`.
    pub unexpected_reboot_count: u32,
}

/// Called when a session has started.
pub type MemfaultMetricsSessionStartCb = Option<unsafe extern "C" fn()>;
/// Called when a session is about to end; what it sets is part of the event.
pub type MemfaultMetricsSessionEndCb = Option<unsafe extern "C" fn()>;

unsafe extern "C" {
    /// For ports: sets their metrics at the beginning of a heartbeat's collection. Weak, does nothing.
    safe fn memfault_metrics_heartbeat_collect_sdk_data();

    safe fn memfault_rs_metrics_boot_sessions();
}

weak_fn!("memfault_metrics_heartbeat_collect_sdk_data" = nothing_to_collect);

extern "C" fn nothing_to_collect() {}

pub(super) static METRICS: Metrics<Firmware, FirmwareTable, FirmwarePlatform> =
    Metrics::new(FirmwareTable, FirmwarePlatform);

/// The number that C code knows.
fn code(result: Result<(), Error>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(error) => error as c_int,
    }
}

/// Starts metrics and the timer of the heartbeat. Reboot tracking and event storage come first.
///
/// Returns 0. -3: an argument is NULL; -5: the storage is smaller than the largest heartbeat (a warning is logged); these two
/// change nothing. -6: `memfault_platform_metrics_timer_boot` failed; all else is started. A second boot forgets all values, but
/// not the callbacks of sessions. Not for interrupts. Spec 40 §8.
///
/// # Safety
/// `storage_impl` is NULL or a storage that lives as long as the SDK is used, `boot_info` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_boot(
    storage_impl: *const sMemfaultEventStorageImpl,
    boot_info: *const sMemfaultMetricBootInfo,
) -> c_int {
    // SAFETY: the caller's promise.
    let (storage, info) = unsafe { (Storage::from_ptr(storage_impl), boot_info.as_ref()) };
    let (Some(storage), Some(info)) = (storage, info) else { return code(Err(Error::BadParameter)) };
    code(METRICS.boot_with(storage, info.unexpected_reboot_count, || memfault_rs_metrics_boot_sessions()))
}

/// A part of the boot, which only the C unit refers to and only if the firmware has sessions: others go without that code.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_rs_metrics_report_crashed_sessions() {
    METRICS.report_crashed_sessions();
}

mod set;
pub use set::*;

mod print;
pub use print::*;

/// Makes a heartbeat now, as the timer does. The next one covers the time from now on.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_debug_trigger() {
    METRICS.heartbeat();
}

/// Collects the built-in values and those of the hooks, without making a heartbeat.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_collect() {
    METRICS.platform().collect();
}

mod read;
pub use read::*;

mod sessions;
pub use sessions::*;

// C header:
// | /**
// |  * The live state, MEMFAULT_METRICS_CONTEXT_SIZE_BYTES bytes, to be copied before RAM is lost.
// |  * Exists with MEMFAULT_METRICS_RESTORE_STATE. Takes no lock. Spec 40 §11.
// |  */
// | const void *memfault_metrics_get_state(void);
// |
// | /**
// |  * Copies a saved state over the live one, `state`, and returns true, or returns false to start
// |  * anew.
// |  *
// |  * With MEMFAULT_METRICS_RESTORE_STATE the firmware defines it; each boot asks once, without a
// |  * lock. When it has copied, it may use metrics before it returns. Whether a copy is complete and
// |  * fits this build is for the hook to know.
// |  */
// | extern bool memfault_metrics_restore_state(void *state);
