//! Trace events with a log (spec 20, 10.3).
//!
//! C, because the functions are variadic and the buffer has the length that the firmware
//! configured. The text is made first, whatever becomes of the event; the library stores it or
//! parks it.

#include "memfault/core/trace_event.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/arch.h"

//! In the library: stores or parks an event with a log that is ready. Not for firmware.
int memfault_rs_trace_event_log_capture(uint32_t reason, void *pc_addr, void *lr_addr,
                                        const void *log, size_t log_len);

// When the slot for interrupts keeps no logs, there is no point in making one there.
#if MEMFAULT_TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED
  #define LOG_IS_DROPPED() false
#else
  #define LOG_IS_DROPPED() memfault_arch_is_inside_isr()
#endif

#if !MEMFAULT_COMPACT_LOG_ENABLE

  #include "memfault_rs_format.h"

int memfault_trace_event_with_log_capture(eMfltTraceReasonUser reason, void *pc_addr, void *lr_addr,
                                          const char *fmt, ...) {
  if (LOG_IS_DROPPED()) {
    return memfault_trace_event_capture(reason, pc_addr, lr_addr);
  }

  char log[MEMFAULT_TRACE_EVENT_MAX_LOG_LEN];
  va_list args;
  va_start(args, fmt);
  const size_t len = memfault_rs_format(log, sizeof(log), fmt, args);
  va_end(args);
  return memfault_rs_trace_event_log_capture((uint32_t)reason, pc_addr, lr_addr, log, len);
}

#else

  #include "memfault/core/compact_log_serializer.h"
  #include "memfault/util/cbor.h"

int memfault_trace_event_with_compact_log_capture(eMfltTraceReasonUser reason, void *lr_addr,
                                                  uint32_t log_id, uint32_t fmt, ...) {
  if (LOG_IS_DROPPED()) {
    return memfault_trace_event_capture(reason, NULL, lr_addr);
  }

  uint8_t log[MEMFAULT_TRACE_EVENT_MAX_LOG_LEN];
  sMemfaultCborEncoder encoder;
  memfault_cbor_encoder_init(&encoder, memfault_cbor_encoder_memcpy_write, log, sizeof(log));
  va_list args;
  va_start(args, fmt);
  bool complete = memfault_vlog_compact_serialize(&encoder, log_id, fmt, args);
  va_end(args);
  size_t len = memfault_cbor_encoder_deinit(&encoder);

  // Half a log would make the whole event unreadable. Like the log buffer, send what it was and how
  // long it would have been.
  if (!complete) {
    memfault_cbor_encoder_size_only_init(&encoder);
    va_start(args, fmt);
    memfault_vlog_compact_serialize(&encoder, log_id, fmt, args);
    va_end(args);
    const uint32_t whole_len = (uint32_t)memfault_cbor_encoder_deinit(&encoder);
    memfault_cbor_encoder_init(&encoder, memfault_cbor_encoder_memcpy_write, log, sizeof(log));
    complete = memfault_vlog_compact_serialize_fallback_entry(&encoder, log_id, whole_len);
    len = memfault_cbor_encoder_deinit(&encoder);
  }
  // MEMFAULT_TRACE_EVENT_MAX_LOG_LEN is too small for any log.
  if (!complete) {
    return memfault_trace_event_capture(reason, NULL, lr_addr);
  }
  return memfault_rs_trace_event_log_capture((uint32_t)reason, NULL, lr_addr, log, len);
}

#endif
