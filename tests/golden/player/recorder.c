#include "recorder.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/overrides.h"

#include "isolate.h"

#define MAX_LOG_LINE 1024

static struct {
  json_list calls;
  json_list logs;
  json_list discarded;
  json_list *open;
  bool silent;
  int lock_depth;
  uint64_t lock_pairs;
  bool unlock_without_lock;
  uint64_t clock_ms;
  uint64_t time_calls;
} s_recorder;

json_list *call_begin(const char *name) {
  s_recorder.open = s_recorder.silent ? &s_recorder.discarded : &s_recorder.calls;
  list_clear(&s_recorder.discarded);
  list_open(s_recorder.open);
  list_string(s_recorder.open, name);
  return s_recorder.open;
}

void call_end(void) {
  list_close(s_recorder.open);
}

bool trace_calls(bool on) {
  const bool before = !s_recorder.silent;
  s_recorder.silent = !on;
  return before;
}

void recorder_flush(void) {
  if (s_recorder.calls.len > 0) {
    out_list("calls", &s_recorder.calls);
  }
  if (s_recorder.logs.len > 0) {
    out_list("logs", &s_recorder.logs);
  }
  if (s_recorder.lock_pairs > 0) {
    out_uint("locks", s_recorder.lock_pairs);
  }
  if (s_recorder.time_calls > 0) {
    out_uint("time_calls", s_recorder.time_calls);
  }
  if (s_recorder.lock_depth != 0) {
    out_int("locks_left_held", s_recorder.lock_depth);
  }
  if (s_recorder.unlock_without_lock) {
    out_bool("unlock_without_lock", true);
  }
  bool silent = s_recorder.silent;
  uint64_t clock_ms = s_recorder.clock_ms;
  recorder_reset();
  s_recorder.silent = silent;
  s_recorder.clock_ms = clock_ms;
}

void recorder_set_clock(uint64_t ms) {
  s_recorder.clock_ms = ms;
}

void recorder_reset(void) {
  memset(&s_recorder, 0, sizeof(s_recorder));
}

// --- hooks that every module may call ---

void memfault_lock(void) {
  s_recorder.lock_depth++;
}

void memfault_unlock(void) {
  if (s_recorder.lock_depth == 0) {
    s_recorder.unlock_without_lock = true;
    return;
  }
  s_recorder.lock_depth--;
  s_recorder.lock_pairs += s_recorder.silent ? 0 : 1;
}

static void record_log(eMemfaultPlatformLogLevel level, const char *format, va_list args) {
  char line[MAX_LOG_LINE];
  int len = vsnprintf(line, sizeof(line), format, args);
  size_t kept = len < 0 ? 0 : (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1;
  list_open(&s_recorder.logs);
  list_int(&s_recorder.logs, level);
  list_text(&s_recorder.logs, line, kept);
  list_close(&s_recorder.logs);
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  record_log(level, fmt, args);
  va_end(args);
}

void memfault_platform_log_raw(const char *fmt, ...) {
  char line[MAX_LOG_LINE];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(line, sizeof(line), fmt, args);
  va_end(args);
  list_string(call_begin("log_raw"), line);
  call_end();
}

void memfault_platform_hexdump(eMemfaultPlatformLogLevel level, const void *data, size_t data_len) {
  list_int(call_begin("hexdump"), level);
  (void)data;
  (void)data_len;
  call_end();
}

// No vector of these modules lets the library stop the device: this is a failed SDK assert.
void memfault_platform_halt_if_debugging(void) {
  step_abort("the library stopped at an assert");
}

// A module whose vectors restart the device has its own.
MEMFAULT_WEAK MEMFAULT_NORETURN void memfault_platform_reboot(void) {
  step_abort("the library rebooted the device");
}

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  s_recorder.time_calls++;
  return s_recorder.clock_ms;
}
