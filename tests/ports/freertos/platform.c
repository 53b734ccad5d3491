/* The SDK's hooks that the port does not have, as far as the tests need them. */
#include "platform.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "board.h"
#include "fake_freertos.h"
#include "memfault/components.h"

platform_t g_platform;

/* For check.c. */

void board_uart_putc(char c) {
  putchar(c);
}

void board_exit(int code) {
  exit(code);
}

bool memfault_arch_is_inside_isr(void) {
  return g_fake.inside_isr;
}

void memfault_platform_halt_if_debugging(void) {}

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "0042",
    .software_type = "app",
    .software_version = "1.0.0",
    .hardware_version = "fake",
  };
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  vsnprintf(g_platform.last_log, sizeof(g_platform.last_log), fmt, args);
  va_end(args);
  g_platform.last_log_level = level;
  g_platform.num_logs++;
}

void memfault_platform_log_raw(const char *fmt, ...) {
  (void)fmt;
}

MEMFAULT_NORETURN void memfault_platform_reboot(void) {
  longjmp(g_platform.end, 1);
}

MEMFAULT_NORETURN void memfault_sdk_assert_func_noreturn(void) {
  g_platform.sdk_asserts++;
  longjmp(g_platform.end, 1);
}

/* Of an architecture that the library has no fault handling for. */

MEMFAULT_NORETURN void memfault_fault_handling_assert(void *pc, void *lr) {
  (void)pc;
  (void)lr;
  g_platform.assert_reason = kMfltRebootReason_Assert;
  longjmp(g_platform.end, 1);
}

MEMFAULT_NORETURN void memfault_fault_handling_assert_extra(void *pc, void *lr,
                                                            sMemfaultAssertInfo *extra_info) {
  (void)pc;
  (void)lr;
  g_platform.assert_reason = extra_info->assert_reason;
  longjmp(g_platform.end, 1);
}

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  g_platform.sanitize_calls++;
  for (size_t i = 0; i < sizeof(g_platform.unreadable) / sizeof(g_platform.unreadable[0]); i++) {
    if (start_addr == g_platform.unreadable[i]) {
      return 0;
    }
  }
  return (desired_size < g_platform.readable_bytes) ? desired_size : g_platform.readable_bytes;
}

