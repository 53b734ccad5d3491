/*
 * The platform hooks of the benchmark firmware: constant answers, no output.
 */
#include "hooks.h"

#include "memfault/core/arch.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/metrics/platform/timer.h"

#include <stdbool.h>

uint64_t g_time_since_boot_ms;
MemfaultPlatformTimerCallback *g_heartbeat_callback;

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  static const char serial[] __attribute__((aligned(8))) = "DEMOSERIAL";
  static const char type[] __attribute__((aligned(8))) = "app-fw";
  static const char version[] __attribute__((aligned(8))) = "1.0.0";
  static const char hardware[] __attribute__((aligned(8))) = "dvt1";
  info->device_serial = serial;
  info->software_type = type;
  info->software_version = version;
  info->hardware_version = hardware;
}

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return g_time_since_boot_ms;
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
}

void memfault_platform_log_raw(const char *fmt, ...) {
  (void)fmt;
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  g_heartbeat_callback = callback;
  return true;
}

#if !defined(__arm__)
/* On a host the SDK asks the port. */
bool memfault_arch_is_inside_isr(void) {
  return false;
}

void memfault_platform_halt_if_debugging(void) {}
#endif
