//! `memfault/core/trace_event_impl.h` (spec 20 §10): the functions behind the macros of `trace_event.h`.
//!
//! All return 0 (stored, or parked in the slot for interrupts), -1 (not started) or -2 (no room). Those with a log are
//! variadic, hence C (`shim/memfault_rs_trace_event.c`), and end in [`memfault_rs_trace_event_log_capture`].

use super::trace_event::capture;
use crate::events::trace::{Detail, TraceEvent};
use crate::ffi::abi;
use crate::ffi::raw;
use core::ffi::{c_int, c_void};

// C header:
// | #include "memfault/core/compiler.h"
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/core/trace_reason_user.h"

/// Addresses of 64-bit hosts are cut to the 32 bits that an event has.
fn event<'a>(reason: u32, pc_addr: *mut c_void, lr_addr: *mut c_void, detail: Detail<'a>) -> TraceEvent<'a> {
    TraceEvent { reason, pc: pc_addr as usize as u32, lr: lr_addr as usize as u32, detail }
}

/// Captures an event. `pc_addr` and `lr_addr` tell where; NULL is left out.
///
/// Returns 0: stored, or parked because this is an interrupt. -1: not started. -2: no room. In an interrupt it takes no
/// lock and calls no hook; elsewhere it takes the lock and calls those for time and device info. Spec 20 §10.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_trace_event_capture(
    reason: abi::eMfltTraceReasonUser,
    pc_addr: *mut c_void,
    lr_addr: *mut c_void,
) -> c_int {
    capture(&event(reason, pc_addr, lr_addr, Detail::None))
}

/// Captures an event with a number, an error code for example. Otherwise as `memfault_trace_event_capture`.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_trace_event_with_status_capture(
    reason: abi::eMfltTraceReasonUser,
    pc_addr: *mut c_void,
    lr_addr: *mut c_void,
    status: i32,
) -> c_int {
    capture(&event(reason, pc_addr, lr_addr, Detail::Status(status)))
}

// C header:
// | /**
// |  * Captures an event with a text; exists without MEMFAULT_COMPACT_LOG_ENABLE. Otherwise as
// |  * `memfault_trace_event_capture`.
// |  *
// |  * At most MEMFAULT_TRACE_EVENT_MAX_LOG_LEN - 1 characters are kept.
// |  */
// | MEMFAULT_PRINTF_LIKE_FUNC(4, 5)
// | int memfault_trace_event_with_log_capture(eMfltTraceReasonUser reason, void *pc_addr, void *lr_addr,
// |                                           const char *fmt, ...);
// |
// | /**
// |  * Captures an event with a compact log; exists with MEMFAULT_COMPACT_LOG_ENABLE. Use the macro
// |  * MEMFAULT_TRACE_EVENT_WITH_LOG().
// |  */
// | int memfault_trace_event_with_compact_log_capture(eMfltTraceReasonUser reason, void *lr_addr,
// |                                                   uint32_t log_id, uint32_t fmt, ...);

/// Captures an event with a log that the shim has made: text, or CBOR with compact logs.
///
/// # Safety
/// `log` is NULL or readable for `log_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rs_trace_event_log_capture(
    reason: u32,
    pc_addr: *mut c_void,
    lr_addr: *mut c_void,
    log: *const c_void,
    log_len: usize,
) -> c_int {
    // SAFETY: the caller's promise.
    let log = unsafe { raw::bytes(log, log_len) };
    capture(&event(reason, pc_addr, lr_addr, Detail::Log(log)))
}
