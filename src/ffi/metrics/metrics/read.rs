//! Reading values back.
use super::{METRICS, MemfaultMetricId, code};
use crate::ffi::raw;
use crate::metrics::Error;
use crate::metrics::registry::Kind;
use core::ffi::{c_char, c_int};

// C header: a part of metrics.h.

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
