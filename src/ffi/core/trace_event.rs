//! `memfault/core/trace_event.h` (spec 20 §10): errors that the firmware survives and wants to hear about.
//!
//! The capture functions are in `trace_event_impl.rs`; the macros around them, and the functions with a log, are C.

use super::event_storage::Storage;
use super::event_storage_implementation::sMemfaultEventStorageImpl;
use super::serializer_helper::FirmwareIdentity;
use crate::config::Config;
use crate::events::trace::{self, CaptureError, Platform, TraceEvent, TraceEvents};
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use core::ffi::c_int;
use core::ptr;

// C header:
// | #include <stddef.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/compact_log_compile_time_checks.h"
// | #include "memfault/core/compact_log_helpers.h"
// | #include "memfault/core/event_storage.h"
// | #include "memfault/core/trace_event_impl.h"
// | #include "memfault/core/trace_reason_user.h"
// |
// | /**
// |  * Captures an event at this place; the reason is a bare name. A statement; what the function
// |  * returns is dropped.
// |  */
// | #define MEMFAULT_TRACE_EVENT(reason)                                               \
// |   do {                                                                             \
// |     void *mflt_pc;                                                                 \
// |     void *mflt_lr;                                                                 \
// |     MEMFAULT_GET_PC(mflt_pc);                                                      \
// |     MEMFAULT_GET_LR(mflt_lr);                                                      \
// |     memfault_trace_event_capture(MEMFAULT_TRACE_REASON(reason), mflt_pc, mflt_lr); \
// |   } while (0)
// |
// | /** The same with a number, an error code for example (int32_t). */
// | #define MEMFAULT_TRACE_EVENT_WITH_STATUS(reason, status_code)                                 \
// |   do {                                                                                        \
// |     void *mflt_pc;                                                                            \
// |     void *mflt_lr;                                                                            \
// |     MEMFAULT_GET_PC(mflt_pc);                                                                 \
// |     MEMFAULT_GET_LR(mflt_lr);                                                                 \
// |     memfault_trace_event_with_status_capture(MEMFAULT_TRACE_REASON(reason), mflt_pc, mflt_lr, \
// |                                              (status_code));                                  \
// |   } while (0)
// |
// | /**
// |  * The same with a text of up to MEMFAULT_TRACE_EVENT_MAX_LOG_LEN - 1 characters: a format and its
// |  * arguments.
// |  */
// | #if !MEMFAULT_COMPACT_LOG_ENABLE
// |
// |   #define MEMFAULT_TRACE_EVENT_WITH_LOG(reason, ...)                                         \
// |     do {                                                                                     \
// |       void *mflt_pc;                                                                         \
// |       void *mflt_lr;                                                                         \
// |       MEMFAULT_GET_PC(mflt_pc);                                                              \
// |       MEMFAULT_GET_LR(mflt_lr);                                                              \
// |       memfault_trace_event_with_log_capture(MEMFAULT_TRACE_REASON(reason), mflt_pc, mflt_lr, \
// |                                             __VA_ARGS__);                                    \
// |     } while (0)
// |
// | #else
// |
// |   #define MEMFAULT_TRACE_EVENT_WITH_LOG(reason, format, ...)                            \
// |     do {                                                                                \
// |       void *mflt_lr;                                                                    \
// |       MEMFAULT_GET_LR(mflt_lr);                                                         \
// |       MEMFAULT_LOGGING_RUN_COMPILE_TIME_CHECKS(format, ##__VA_ARGS__);                  \
// |       MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY(format, ##__VA_ARGS__);                        \
// |       memfault_trace_event_with_compact_log_capture(                                    \
// |         MEMFAULT_TRACE_REASON(reason), mflt_lr, MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY_PTR, \
// |         MFLT_GET_COMPRESSED_LOG_FMT(__VA_ARGS__), ##__VA_ARGS__);                       \
// |     } while (0)
// |
// | #endif

const STORAGE_TOO_SMALL: c_int = -3;
const NO_STORAGE: c_int = -4;

/// Bytes of log that an event from an interrupt keeps.
const PARKED_LOG_LEN: usize =
    if Firmware::TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED { Firmware::TRACE_EVENT_MAX_LOG_LEN } else { 0 };

type Traces = TraceEvents<Firmware, Storage, PARKED_LOG_LEN>;
static TRACES: Global<Traces> = Global::new(TraceEvents::new());

/// On 32-bit cores: the storage, the slot for interrupts, its log and who borrows it.
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Traces>() <= 28 + PARKED_LOG_LEN.next_multiple_of(4));

unsafe extern "C" {
    /// `kMfltTraceReasonUser_NumReasons`, which only the firmware's build knows.
    static g_memfault_rs_num_trace_reasons: u32;
    fn memfault_arch_is_inside_isr() -> bool;
}

impl Platform for FirmwareIdentity {
    fn is_inside_isr(&self) -> bool {
        // SAFETY: a question to the processor, without arguments.
        unsafe { memfault_arch_is_inside_isr() }
    }
}

fn num_reasons() -> u32 {
    // SAFETY: a constant of the C unit that is compiled with the firmware. Volatile, as no constant of this build may
    // stand in for it.
    unsafe { ptr::read_volatile(&raw const g_memfault_rs_num_trace_reasons) }
}

fn code(result: Result<(), CaptureError>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(CaptureError::NotBooted) => -1,
        Err(CaptureError::NoSpace) => -2,
    }
}

/// Captures one event.
#[inline(never)]
pub(super) fn capture(event: &TraceEvent<'_>) -> c_int {
    code(TRACES.capture(event, &FirmwareIdentity))
}

/// Back to the state before boot, slot included.
pub(super) fn reset() {
    TRACES.reset();
}

/// Starts trace events with the storage that `memfault_events_storage_boot` returned.
///
/// Returns 0. -3: the storage is smaller than the largest event (a warning is logged); -4: NULL. After those two a
/// storage from an earlier boot stays in use. An event that waits in the slot for interrupts stays there and goes to
/// the newest storage. Calls the hooks for time and device info. Not for interrupts. Spec 20 §10.1.
///
/// # Safety
/// `storage_impl` is NULL or a storage that lives as long as the SDK is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_trace_event_boot(storage_impl: *const sMemfaultEventStorageImpl) -> c_int {
    // SAFETY: the caller's promise.
    let Some(storage) = (unsafe { Storage::from_ptr(storage_impl) }) else { return NO_STORAGE };
    match TRACES.boot(storage, num_reasons(), &FirmwareIdentity) {
        Ok(()) => 0,
        Err(trace::StorageTooSmall) => STORAGE_TOO_SMALL,
    }
}

/// True after a `memfault_trace_event_boot` that returned 0.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_trace_event_booted() -> bool {
    TRACES.booted()
}

/// Moves an event that was captured in an interrupt to the storage. Every capture outside of one does that first; call
/// it before draining the packetizer.
///
/// Returns 0, also if there is none. -1: not started; -2: it does not fit, and is kept. Takes the lock and calls the
/// hooks for time and device info: not for interrupts. Spec 20 §10.4.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_trace_event_try_flush_isr_event() -> c_int {
    code(TRACES.flush(&FirmwareIdentity))
}

/// Bytes of the largest trace event without a log, with the device info, build id and time of now.
///
/// The 2 bytes that the storage adds are not in it. Calls the hooks for time and device info. Spec 20 §7.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_trace_event_compute_worst_case_storage_size() -> usize {
    trace::worst_case_size::<Firmware, Storage>(num_reasons(), &FirmwareIdentity)
}
