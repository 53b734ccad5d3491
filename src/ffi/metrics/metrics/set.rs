//! Setting values: numbers, texts and timers.
use super::{METRICS, MemfaultMetricId, code};
use crate::ffi::raw;
use crate::metrics::registry::Kind;
use crate::metrics::timers::Operation;
use core::ffi::{c_char, c_int};

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
