#include "memfault/core/trace_event.h"

#include <string.h>

#include "memfault/core/event_storage.h"
#include "memfault/core/serializer_helper.h"

#include "environment.h"
#include "log_format.h"
#include "memory.h"
#include "module.h"
#include "step.h"
#include "variadic_words.h"

void module_reset(void) {
  environment_reset();
}

static void *address(const char *key) {
  return (void *)(uintptr_t)arg_uint(key);
}

static eMfltTraceReasonUser reason(void) {
  return (eMfltTraceReasonUser)arg_int("reason");
}

#if MEMFAULT_COMPACT_LOG_ENABLE

static void capture_compact_log(void) {
  const uint32_t log_id = log_format_address((uint32_t)arg_uint("log_id"));
  variadic_words w = variadic_words_from_typed_args("args", 4);
  const uint32_t format = (uint32_t)arg_uint("compressed_fmt");
  out_int("ret", memfault_trace_event_with_compact_log_capture(reason(), address("lr"), log_id,
                                                               format, VARIADIC_WORDS(w)));
}

#else

static void capture_log(void) {
  // The text with "%s" is equivalent; for arguments that cannot be passed as machine words.
  const char *format = "%s";
  variadic_words w = variadic_words_from_text(arg_text("text"));
  if (!arg_is_null("fmt")) {
    format = arg_text("fmt");
    w = variadic_words_from_plain_args("args");
  }
  out_int("ret", memfault_trace_event_with_log_capture(reason(), address("pc"), address("lr"),
                                                       format, VARIADIC_WORDS(w)));
}

#endif

static void capture(void) {
  if (step_is("capture")) {
    out_int("ret", memfault_trace_event_capture(reason(), address("pc"), address("lr")));
  } else if (step_is("capture_status")) {
    const int32_t status = (int32_t)arg_int("status");
    out_int("ret", memfault_trace_event_with_status_capture(reason(), address("pc"), address("lr"),
                                                            status));
#if MEMFAULT_COMPACT_LOG_ENABLE
  } else if (step_is("capture_compact_log")) {
    capture_compact_log();
#else
  } else if (step_is("capture_log")) {
    capture_log();
#endif
  } else {
    step_abort("unknown operation");
  }
}

void module_step(void) {
  if (environment_step()) {
    return;
  }
  if (step_is("boot")) {
    const size_t len = (size_t)arg_uint("storage");
    void *buffer = guarded_buffer(len, 0xA5);
    out_int("ret", memfault_trace_event_boot(memfault_events_storage_boot(buffer, len)));
  } else if (step_is("boot_null")) {
    out_int("ret", memfault_trace_event_boot(NULL));
  } else if (step_is("booted")) {
    out_bool("ret", memfault_trace_event_booted());
  } else if (step_is("flush_isr")) {
    out_int("ret", memfault_trace_event_try_flush_isr_event());
  } else if (step_is("worst_case")) {
    out_uint("ret", memfault_trace_event_compute_worst_case_storage_size());
  } else if (step_is("state")) {
    out_uint("used", memfault_event_storage_bytes_used());
    out_uint("drops", memfault_serializer_helper_read_drop_count());
  } else {
    environment_run(capture);
  }
}
