//! `memfault_trace_event_private.h` (spec 20 §20): for tests.

/// Forgets the storage and the event in the slot for interrupts.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_trace_event_reset() {
    super::trace_event::reset();
}
