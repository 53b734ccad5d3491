/* Recorders in place of the library, for macro_test.c. */
#include "macro_test.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "memfault/components.h"

sCall g_last;
sCall g_printed;
jmp_buf g_escape;

static int s_passed;
static int s_failed;

void forget_calls(void) {
  memset(&g_last, 0, sizeof(g_last));
  memset(&g_printed, 0, sizeof(g_printed));
}

void check(bool ok, const char *what, int line) {
  if (ok) {
    s_passed++;
  } else {
    s_failed++;
    printf("line %d: %s\n", line, what);
  }
}

int summary(void) {
  printf("%d passed, %d failed\n", s_passed, s_failed);
  return (s_failed == 0 && s_passed > 0) ? 0 : 1;
}

static int record(const char *function, unsigned number, int value) {
  g_last.function = function;
  g_last.calls++;
  g_last.number = number;
  g_last.value = value;
  return 42;
}

static int record_at(const char *function, unsigned number, int value, const void *pc,
                     const void *lr) {
  g_last.pc = pc;
  g_last.lr = lr;
  return record(function, number, value);
}

static void record_text(sCall *call, const char *fmt, va_list args) {
  vsnprintf(call->text, sizeof(call->text), fmt, args);
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  g_printed.function = __func__;
  g_printed.calls++;
  g_printed.number = (unsigned)level;
  record_text(&g_printed, fmt, args);
  va_end(args);
}

void memfault_platform_log_raw(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  g_printed.function = __func__;
  g_printed.calls++;
  record_text(&g_printed, fmt, args);
  va_end(args);
}

void memfault_log_save(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  record(__func__, (unsigned)level, 0);
  record_text(&g_last, fmt, args);
  va_end(args);
}

int memfault_trace_event_capture(eMfltTraceReasonUser reason, void *pc_addr, void *lr_addr) {
  return record_at(__func__, (unsigned)reason, 0, pc_addr, lr_addr);
}

int memfault_trace_event_with_status_capture(eMfltTraceReasonUser reason, void *pc_addr,
                                             void *lr_addr, int32_t status) {
  return record_at(__func__, (unsigned)reason, (int)status, pc_addr, lr_addr);
}

int memfault_trace_event_with_log_capture(eMfltTraceReasonUser reason, void *pc_addr, void *lr_addr,
                                          const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  record_text(&g_last, fmt, args);
  va_end(args);
  return record_at(__func__, (unsigned)reason, 0, pc_addr, lr_addr);
}

#if MEMFAULT_COMPACT_LOG_ENABLE
/* The id is the address of the entry, so its text can be looked at here. */
static void record_entry(uint32_t log_id) {
  strncpy(g_last.text, (const char *)(uintptr_t)log_id, sizeof(g_last.text) - 1);
}

int memfault_trace_event_with_compact_log_capture(eMfltTraceReasonUser reason, void *lr_addr,
                                                  uint32_t log_id, uint32_t fmt, ...) {
  record_entry(log_id);
  g_last.value = (int)fmt;
  return record_at(__func__, (unsigned)reason, (int)fmt, NULL, lr_addr);
}

void memfault_compact_log_save(eMemfaultPlatformLogLevel level, uint32_t log_id,
                               uint32_t compressed_fmt, ...) {
  record(__func__, (unsigned)level, (int)compressed_fmt);
  record_entry(log_id);
}
#endif

void memfault_reboot_tracking_mark_reset_imminent(eMemfaultRebootReason reboot_reason,
                                                  const sMfltRebootTrackingRegInfo *reg) {
  record_at(__func__, (unsigned)reboot_reason, 0, (const void *)(uintptr_t)reg->pc,
            (const void *)(uintptr_t)reg->lr);
}

void memfault_heap_stats_malloc(const void *lr, const void *ptr, size_t size) {
  record_at(__func__, (unsigned)size, 0, ptr, lr);
}

void memfault_heap_stats_free(const void *ptr) {
  record_at(__func__, 0, 0, ptr, NULL);
}

void memfault_sdk_assert_func(void) {
  record(__func__, 0, 0);
}

void memfault_fault_handling_assert(void *pc, void *lr) {
  record_at(__func__, 0, 0, pc, lr);
  longjmp(g_escape, 1);
}

void memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *extra_info) {
  record_at(__func__, (unsigned)extra_info->assert_reason, (int)extra_info->extra, pc, lr);
  longjmp(g_escape, 1);
}

int memfault_metrics_heartbeat_set_signed(MemfaultMetricId key, int32_t signed_value) {
  return record(__func__, (unsigned)key._impl, (int)signed_value);
}
int memfault_metrics_heartbeat_set_unsigned(MemfaultMetricId key, uint32_t unsigned_value) {
  return record(__func__, (unsigned)key._impl, (int)unsigned_value);
}
int memfault_metrics_heartbeat_set_string(MemfaultMetricId key, const char *value) {
  strncpy(g_last.text, value, sizeof(g_last.text) - 1);
  return record(__func__, (unsigned)key._impl, 0);
}
int memfault_metrics_heartbeat_timer_start(MemfaultMetricId key) {
  return record(__func__, (unsigned)key._impl, 0);
}
int memfault_metrics_heartbeat_timer_stop(MemfaultMetricId key) {
  return record(__func__, (unsigned)key._impl, 0);
}
int memfault_metrics_heartbeat_add(MemfaultMetricId key, int32_t amount) {
  return record(__func__, (unsigned)key._impl, (int)amount);
}
int memfault_metrics_session_start(eMfltMetricsSessionIndex session_key) {
  return record(__func__, (unsigned)session_key, 0);
}
int memfault_metrics_session_end(eMfltMetricsSessionIndex session_key) {
  return record(__func__, (unsigned)session_key, 0);
}
void memfault_metrics_session_reset(eMfltMetricsSessionIndex session_key) {
  record(__func__, (unsigned)session_key, 0);
}

void memfault_task_watchdog_start(eMemfaultTaskWatchdogChannel channel_id) {
  record(__func__, (unsigned)channel_id, 0);
}
void memfault_task_watchdog_feed(eMemfaultTaskWatchdogChannel channel_id) {
  record(__func__, (unsigned)channel_id, 0);
}
void memfault_task_watchdog_stop(eMemfaultTaskWatchdogChannel channel_id) {
  record(__func__, (unsigned)channel_id, 0);
}

sMfltHttpClientConfig g_mflt_http_client_config;
