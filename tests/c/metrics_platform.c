#include "metrics_platform.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/platform/overrides.h"
#include "memfault/core/platform/system_time.h"
#include "memfault/metrics/metrics.h"

metrics_platform_t g_platform;

void memfault_lock(void) {
  g_platform.lock_depth++;
}

void memfault_unlock(void) {
  CHECK(g_platform.lock_depth > 0);
  g_platform.lock_depth--;
  g_platform.lock_pairs++;
}

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  *time = (sMemfaultCurrentTime){
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = { .unix_timestamp_secs = 1700000000u },
  };
  return g_platform.time_known;
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  g_platform.timer_period_s = period_sec;
  g_platform.timer_callback = callback;
  return !g_platform.timer_fails;
}

/* The board has these as well; the linker sends all calls here (-Wl,--wrap). */
uint64_t __wrap_memfault_platform_get_time_since_boot_ms(void);
uint64_t __wrap_memfault_platform_get_time_since_boot_ms(void) {
  g_platform.time_calls++;
  return g_platform.clock_ms;
}

void __wrap_memfault_platform_get_device_info(sMemfaultDeviceInfo *info);
void __wrap_memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "serial",
    .software_type = "app",
    .software_version = "2.0",
    .hardware_version = "hw1",
  };
}

void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  if (g_platform.log_lines < MAX_LOG_LINES) {
    char *line = g_platform.log[g_platform.log_lines];
    line[0] = "DIWE"[level];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line + 1, MAX_LOG_LINE - 1, fmt, args);
    va_end(args);
  }
  g_platform.log_lines++;
}

void platform_forget(void) {
  CHECK_EQ(g_platform.lock_depth, 0);
  g_platform.time_calls = 0;
  g_platform.lock_pairs = 0;
  g_platform.log_lines = 0;
  memset(g_platform.log, 0, sizeof(g_platform.log));
}

void platform_restart(bool crashed) {
  const sResetBootupInfo info = {
    .reset_reason = crashed ? kMfltRebootReason_HardFault : kMfltRebootReason_UserReset,
  };
  memfault_reboot_tracking_boot(g_platform.region, &info);
}

size_t platform_take_event(void) {
  const sMemfaultDataSourceImpl *source = &g_memfault_event_data_source;
  size_t len = 0;
  if (!source->has_more_msgs_cb(&len)) {
    return 0;
  }
  CHECK(len <= MAX_EVENT);
  if (len > MAX_EVENT || !source->read_msg_cb(0, g_platform.event, len)) {
    return 0;
  }
  source->mark_msg_read_cb();
  return len;
}

void platform_report_restart(const sMemfaultEventStorageImpl *storage) {
  CHECK_EQ(memfault_reboot_tracking_collect_reset_info(storage), 0);
  CHECK(platform_take_event() > 0);
}
