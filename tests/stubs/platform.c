/* The hooks that nearly every firmware supplies (spec 60 section 11), for tests: no log output, a
 * clock that stands still. All are weak: a test defines those that it looks at.
 */
#include "memfault/components.h"

/* The device of the specification's worked examples. */
MEMFAULT_WEAK void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "widget-0042",
    .software_type = "app",
    .software_version = "2.7.1",
    .hardware_version = "revc",
  };
}

MEMFAULT_WEAK void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
}

MEMFAULT_WEAK void memfault_platform_log_raw(const char *fmt, ...) {
  (void)fmt;
}

MEMFAULT_WEAK void memfault_platform_reboot(void) {
  for (;;) {
  }
}

MEMFAULT_WEAK uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return 0;
}

/* The library has these for some processors. */
MEMFAULT_WEAK bool memfault_arch_is_inside_isr(void) {
  return false;
}

MEMFAULT_WEAK void memfault_platform_halt_if_debugging(void) {}

#if MEMFAULT_DEMO_CLI_WATCHDOG
int memfault_software_watchdog_enable(void);
MEMFAULT_WEAK int memfault_software_watchdog_enable(void) {
  return 0;
}

int memfault_software_watchdog_disable(void);
MEMFAULT_WEAK int memfault_software_watchdog_disable(void) {
  return 0;
}

int memfault_software_watchdog_update_timeout(uint32_t timeout_ms);
MEMFAULT_WEAK int memfault_software_watchdog_update_timeout(uint32_t timeout_ms) {
  (void)timeout_ms;
  return 0;
}
#endif
