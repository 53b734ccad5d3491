/*
 * The hooks that firmware gives to the SDK, and the boot of the SDK in its documented order
 * (spec 60 sections 11 and 12).
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "board.h"
#include "example.h"
#include "memfault/core/build_info.h"
#include "memfault/core/compiler.h"
#include "memfault/core/data_export.h"
#include "memfault/core/device_info.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/platform/reboot_tracking.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/trace_event.h"

/* Holds a reboot event and two rounds of trace events. An event that finds no room is dropped. */
static uint8_t s_event_storage[1024];
static const sMemfaultEventStorageImpl *s_storage;

/* Reboot tracking keeps its notes here. The linker script puts this section into RAM that the
 * start-up code does not touch, at the same address in every firmware version. */
MEMFAULT_PUT_IN_SECTION(".noinit.mflt_reboot_info")
static uint8_t s_reboot_tracking[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "EXAMPLE-0001",
    .software_type = g_example_name,
    .software_version = "1.0.0",
    .hardware_version = BOARD_NAME,
  };
}

static void print_line(const char *prefix, const char *fmt, va_list args) {
  char line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN + 16];
  vsnprintf(line, sizeof(line), fmt, args);
  for (const char *c = prefix; *c != '\0'; c++) {
    board_uart_putc(*c);
  }
  for (const char *c = line; *c != '\0'; c++) {
    board_uart_putc(*c);
  }
  board_uart_putc('\n');
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  const char *prefix = "[D] ";
  if (level == kMemfaultPlatformLogLevel_Error) {
    prefix = "[E] ";
  } else if (level == kMemfaultPlatformLogLevel_Warning) {
    prefix = "[W] ";
  } else if (level == kMemfaultPlatformLogLevel_Info) {
    prefix = "[I] ";
  }
  va_list args;
  va_start(args, fmt);
  print_line(prefix, fmt, args);
  va_end(args);
}

void memfault_platform_log_raw(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print_line("", fmt, args);
  va_end(args);
}

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return board_uptime_ms();
}

void memfault_platform_reboot(void) {
  board_reset();
}

void memfault_platform_reboot_tracking_boot(void) {
  const sResetBootupInfo reset_info = {
    /* Real firmware stores its reset-cause register here; QEMU models none on these boards. */
    .reset_reason_reg = 0,
    .reset_reason = (board_boot_count() == 1) ? kMfltRebootReason_PowerOnReset
                                              : kMfltRebootReason_SoftwareReset,
  };
  memfault_reboot_tracking_boot(s_reboot_tracking, &reset_info);
}

int memfault_platform_boot(void) {
  memfault_build_info_dump();
  memfault_device_info_dump();

  /* First of all: what was noted before the reset. Then a place for events, and only then those
   * who want to store events. */
  memfault_platform_reboot_tracking_boot();
  s_storage = memfault_events_storage_boot(s_event_storage, sizeof(s_event_storage));
  if (memfault_trace_event_boot(s_storage) != 0) {
    return -1;
  }
  return memfault_reboot_tracking_collect_reset_info(s_storage);
}

const sMemfaultEventStorageImpl *example_event_storage(void) {
  return s_storage;
}
