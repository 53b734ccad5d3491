//! `memfault/metrics/metrics.h` (spec 40 §3, §6 to §10): numbers about the device's life, sent in heartbeats and sessions.
#![allow(clippy::useless_conversion)] // whether an enum of C is a u8 or a u32 depends on the firmware's compiler

use super::platform::{overrides, timer};
use super::reliability::memfault_metrics_reliability_boot;
use super::table::FirmwareTable;
use crate::events::storage::Lock;
use crate::ffi::abi;
use crate::ffi::config::Firmware;
use crate::ffi::core::event_storage::Storage;
use crate::ffi::core::event_storage_implementation::sMemfaultEventStorageImpl;
use crate::ffi::core::platform::core::time_since_boot_ms;
use crate::ffi::core::platform::overrides::PlatformLock;
use crate::ffi::core::reboot_tracking;
use crate::ffi::core::serializer_helper::FirmwareIdentity;
use crate::ffi::raw;
use crate::metrics::builtin::LogLines;
use crate::metrics::platform::{Edge, Platform};
use crate::metrics::registry::{Entry, Kind, Registry};
use crate::metrics::timers::Operation;
use crate::metrics::values::is_set;
use crate::metrics::{Error, Metrics};
use core::cell::Cell;
use core::ffi::{c_char, c_int};
use core::ptr;

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

    fn memfault_rs_metrics_collect_builtin(log_lines: *mut LogLines);
    safe fn memfault_rs_metrics_interval_s() -> u32;
    safe fn memfault_rs_metrics_restore() -> bool;
    safe fn memfault_rs_metrics_boot_connectivity();
    safe fn memfault_rs_metrics_boot_sessions();
    safe fn memfault_rs_log_metrics_heading();
    fn memfault_rs_log_metric(index: u32, is_set: bool, value: u32, text: *const c_char);
    safe fn memfault_rs_log_metric_wrong_type(expected: u32, found: u32, index: c_int);
    safe fn memfault_rs_log_metric_not_a_number(index: c_int);
}

weak_fn!("memfault_metrics_heartbeat_collect_sdk_data" = nothing_to_collect);

extern "C" fn nothing_to_collect() {}

/// The platform as metrics see it.
pub struct FirmwarePlatform;

pub(super) static METRICS: Metrics<Firmware, FirmwareTable, FirmwarePlatform> =
    Metrics::new(FirmwareTable, FirmwarePlatform);

impl Lock for FirmwarePlatform {
    fn lock(&self) {
        PlatformLock.lock();
    }

    fn unlock(&self) {
        PlatformLock.unlock();
    }
}

impl Platform for FirmwarePlatform {
    type Store = Storage;
    type Identity = FirmwareIdentity;

    fn now_ms(&self) -> u64 {
        time_since_boot_ms()
    }

    fn identity(&self) -> &FirmwareIdentity {
        &FirmwareIdentity
    }

    fn store(&self) -> Option<Storage> {
        // SAFETY: what a boot was given, or what the firmware's saved state had there until the boot replaced it.
        unsafe { Storage::from_ptr(FirmwareTable.storage().get()) }
    }

    fn set_store(&self, store: Storage) {
        FirmwareTable.storage().set(store.as_ptr());
    }

    fn restore(&self) -> bool {
        memfault_rs_metrics_restore()
    }

    fn boot_reliability(&self) {
        // SAFETY: NULL is allowed.
        unsafe { memfault_metrics_reliability_boot(ptr::null_mut()) };
    }

    fn start_heartbeat_timer(&self) -> bool {
        timer::boot(memfault_rs_metrics_interval_s(), memfault_metrics_heartbeat_debug_trigger)
    }

    fn boot_connectivity(&self) {
        memfault_rs_metrics_boot_connectivity();
    }

    fn collect(&self) {
        memfault_metrics_heartbeat_collect_sdk_data();
        // SAFETY: the part of the state that the C unit made for it, or NULL.
        unsafe { memfault_rs_metrics_collect_builtin(FirmwareTable.log_lines()) };
        overrides::collect_data();
    }

    fn call_back(&self, session: u32, edge: Edge) {
        if let Some(callback) = FirmwareTable.callback(session, edge).and_then(Cell::get) {
            // SAFETY: a function of the firmware without arguments.
            unsafe { callback() };
        }
    }

    fn unexpected_reboot_occurred(&self) -> bool {
        let mut unexpected = false;
        // SAFETY: a valid output.
        let result =
            unsafe { reboot_tracking::memfault_reboot_tracking_get_unexpected_reboot_occurred(&raw mut unexpected) };
        result == 0 && unexpected
    }

    fn track_session(&self, active: bool, session: u32) {
        reboot_tracking::memfault_reboot_tracking_metrics_session(active, session);
    }

    fn session_was_active(&self, session: u32) -> bool {
        reboot_tracking::memfault_reboot_tracking_metrics_session_was_active(session)
    }

    fn forget_sessions(&self) {
        reboot_tracking::memfault_reboot_tracking_clear_metrics_sessions();
    }

    fn report_wrong_type(&self, expected: Kind, found: Kind, index: usize) {
        memfault_rs_log_metric_wrong_type(expected as u32, found as u32, index as c_int);
    }

    fn report_not_a_number(&self, index: usize) {
        memfault_rs_log_metric_not_a_number(index as c_int);
    }
}

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

// C header:
// | /* Work on a metric of the heartbeat given by its bare name; the value is that of the function. */
// | #define MEMFAULT_METRIC_SET_SIGNED(key_name, signed_value) \
// |   memfault_metrics_heartbeat_set_signed(MEMFAULT_METRICS_KEY(key_name), (signed_value))
// | #define MEMFAULT_METRIC_SET_UNSIGNED(key_name, unsigned_value) \
// |   memfault_metrics_heartbeat_set_unsigned(MEMFAULT_METRICS_KEY(key_name), (unsigned_value))
// | #define MEMFAULT_METRIC_SET_STRING(key_name, value) \
// |   memfault_metrics_heartbeat_set_string(MEMFAULT_METRICS_KEY(key_name), (value))
// | #define MEMFAULT_METRIC_TIMER_START(key_name) \
// |   memfault_metrics_heartbeat_timer_start(MEMFAULT_METRICS_KEY(key_name))
// | #define MEMFAULT_METRIC_TIMER_STOP(key_name) \
// |   memfault_metrics_heartbeat_timer_stop(MEMFAULT_METRICS_KEY(key_name))
// | #define MEMFAULT_METRIC_ADD(key_name, amount) \
// |   memfault_metrics_heartbeat_add(MEMFAULT_METRICS_KEY(key_name), (amount))
// |
// | /* The same for a metric of a session. */
// | #define MEMFAULT_METRIC_SESSION_SET_SIGNED(key_name, session_key, signed_value) \
// |   memfault_metrics_heartbeat_set_signed(                                        \
// |     MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (signed_value))
// | #define MEMFAULT_METRIC_SESSION_SET_UNSIGNED(key_name, session_key, unsigned_value) \
// |   memfault_metrics_heartbeat_set_unsigned(                                          \
// |     MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (unsigned_value))
// | #define MEMFAULT_METRIC_SESSION_SET_STRING(key_name, session_key, value) \
// |   memfault_metrics_heartbeat_set_string(                                 \
// |     MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (value))
// | #define MEMFAULT_METRIC_SESSION_TIMER_START(key_name, session_key) \
// |   memfault_metrics_heartbeat_timer_start(MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key))
// | #define MEMFAULT_METRIC_SESSION_TIMER_STOP(key_name, session_key) \
// |   memfault_metrics_heartbeat_timer_stop(MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key))
// | #define MEMFAULT_METRIC_SESSION_ADD(key_name, session_key, amount) \
// |   memfault_metrics_heartbeat_add(MEMFAULT_METRICS_KEY_WITH_SESSION(key_name, session_key), (amount))
// |
// | /* Start a session, end it and send its values, end it without sending; bare names. */
// | #define MEMFAULT_METRICS_SESSION_START(key) \
// |   memfault_metrics_session_start(MEMFAULT_METRICS_SESSION_KEY(key))
// | #define MEMFAULT_METRICS_SESSION_END(key) \
// |   memfault_metrics_session_end(MEMFAULT_METRICS_SESSION_KEY(key))
// | #define MEMFAULT_METRICS_SESSION_RESET(key) \
// |   memfault_metrics_session_reset(MEMFAULT_METRICS_SESSION_KEY(key))

/// Sets a signed metric. Returns 0; -1: no such metric; -2: another type (an error is logged).
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_set_signed(key: MemfaultMetricId, signed_value: i32) -> c_int {
    code(METRICS.set(key._impl, Kind::Signed, signed_value.cast_unsigned()))
}

/// Sets an unsigned metric. Returns 0; -1: no such metric; -2: another type (an error is logged).
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_set_unsigned(key: MemfaultMetricId, unsigned_value: u32) -> c_int {
    code(METRICS.set(key._impl, Kind::Unsigned, unsigned_value))
}

/// Sets a text metric; what is longer than its maximum is cut off.
///
/// Returns 0; -1: no such metric, or another type (then an error is logged); -3: `value` is NULL.
///
/// # Safety
/// `value` is NULL or a string. It may be the metric's own text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_heartbeat_set_string(key: MemfaultMetricId, value: *const c_char) -> c_int {
    // SAFETY: the caller's promise.
    let text = (!value.is_null()).then(|| unsafe { raw::TextBytes::new(value) });
    code(METRICS.set_text(key._impl, text))
}

/// Starts a timer metric. Returns 0; -1: no such metric; -2: another type (an error is logged); -4: it runs already.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_timer_start(key: MemfaultMetricId) -> c_int {
    code(METRICS.operate_timer(key._impl, Operation::Start))
}

/// Stops a timer metric and adds the milliseconds since its start. Returns as above; -4: it does not run.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_timer_stop(key: MemfaultMetricId) -> c_int {
    code(METRICS.operate_timer(key._impl, Operation::Stop))
}

/// Adds `amount` to a signed or unsigned metric, which stops at the limits of its type; one that is not set counts as 0.
///
/// Returns 0; -1: no such metric; -2: another type (an error is logged).
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_add(key: MemfaultMetricId, amount: i32) -> c_int {
    code(METRICS.add(key._impl, amount))
}

/// Logs the current values of the heartbeat, one info line each. Brings timers up to date. Spec 40 §13.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_heartbeat_debug_print() {
    let heartbeat = FirmwareTable.heartbeat();
    print(|session| session == heartbeat);
}

/// Logs the current values of a session in the same way.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_session_debug_print(session_key: abi::eMfltMetricsSessionIndex) {
    let wanted = u32::from(session_key);
    print(|session| session == wanted);
}

/// Logs the current values of all sessions, but not of the heartbeat.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_all_sessions_debug_print() {
    let heartbeat = FirmwareTable.heartbeat();
    print(|session| session != heartbeat);
}

fn print(wanted: impl Fn(u32) -> bool) {
    let heading = || memfault_rs_log_metrics_heading();
    METRICS.update_and_iterate(heading, |entry| {
        if wanted(entry.session()) {
            let (value, text) = (entry.value().get(), entry.text().as_ptr().cast());
            // SAFETY: a log line of the shim; a text ends with a NUL, and of another metric nobody looks at it.
            unsafe { memfault_rs_log_metric(entry.index() as u32, is_set(entry), value, text) };
        }
        true
    });
}

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

/// Reads an unsigned metric.
///
/// Returns 0; -1: no such metric; -2: another type; -3: `read_val` is NULL; -7: it is not set. `*read_val` changes with 0 only.
///
/// # Safety
/// `read_val` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_heartbeat_read_unsigned(key: MemfaultMetricId, read_val: *mut u32) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { read_number(read_val, || METRICS.read(key._impl, Kind::Unsigned)) }
}

/// Reads a signed metric. Returns as above.
///
/// # Safety
/// `read_val` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_heartbeat_read_signed(key: MemfaultMetricId, read_val: *mut i32) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { read_number(read_val.cast(), || METRICS.read(key._impl, Kind::Signed)) }
}

/// Reads a timer metric in milliseconds, up to now if it runs.
///
/// Returns 0; -1: no such metric; -2: another type (an error is logged); -3: `read_val` is NULL.
///
/// # Safety
/// `read_val` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_heartbeat_timer_read(key: MemfaultMetricId, read_val: *mut u32) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { read_number(read_val, || METRICS.read_timer(key._impl)) }
}

/// # Safety
/// `out` is NULL or writable.
unsafe fn read_number(out: *mut u32, read: impl FnOnce() -> Result<u32, Error>) -> c_int {
    if out.is_null() {
        return code(Err(Error::BadParameter));
    }
    code(read().map(|value| {
        // SAFETY: not NULL, hence writable.
        unsafe { out.write(value) }
    }))
}

/// Reads a text metric, cut to `read_val_len` bytes with its terminator; the last byte of the buffer becomes 0 in any case.
///
/// Returns 0; -1: no such metric, or another type; -3: `read_val` is NULL or `read_val_len` is 0.
///
/// # Safety
/// `read_val` is NULL or writable for `read_val_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_heartbeat_read_string(
    key: MemfaultMetricId,
    read_val: *mut c_char,
    read_val_len: usize,
) -> c_int {
    // SAFETY: the caller's promise. Cells, as the buffer may be a text of ours.
    let out = unsafe { raw::cells(read_val, read_val_len) };
    code(METRICS.read_text(key._impl, out))
}

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
