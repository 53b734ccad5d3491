/* Records one trace event and prints its chunk in hexadecimal, and the longest export line. With
 * FIRMWARE_WITH_PANICS it crashes then, and says so when the coredump is stored.
 *
 * Built by each entry point of tests/build_systems; the bytes are those of the specification's worked
 * example (spec 60, chapter 18) without a build id.
 */
#include <stdio.h>
#include <stdlib.h>

#include "memfault/components.h"

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "widget-0042",
    .software_type = "app",
    .software_version = "2.7.1",
    .hardware_version = "revc",
  };
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
}

#if !defined(__ARM_ARCH_PROFILE)
/* Supplied by the library on Cortex-M only. */
void memfault_platform_halt_if_debugging(void) {}

bool memfault_arch_is_inside_isr(void) {
  return false;
}
#endif

void memfault_data_export_base64_encoded_chunk(const char *chunk) {
  printf("%s\n", chunk);
}

#if defined(FIRMWARE_WITH_PANICS)
size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  (void)start_addr;
  return desired_size;
}

/* The end of a crash. */
void memfault_platform_reboot(void) {
  size_t size = 0;
  printf("%s\n", memfault_coredump_has_valid_coredump(&size) ? "coredump" : "no coredump");
  exit(0);
}

static void crash(void) {
#if defined(__ARM_ARCH_PROFILE)
  MEMFAULT_ASSERT(0);
#else
  /* No exceptions here, so the coredump is saved as a handler would do it. */
  static const uint8_t memory[16];
  const sMfltCoredumpRegion region = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(memory, sizeof(memory));
  const sMemfaultCoredumpSaveInfo info = { .regions = &region, .num_regions = 1 };
  memfault_coredump_save(&info);
  memfault_platform_reboot();
#endif
}
#endif

int main(void) {
  static uint8_t events[512];
  memfault_trace_event_boot(memfault_events_storage_boot(events, sizeof(events)));
  memfault_trace_event_with_status_capture(MEMFAULT_TRACE_REASON(widget_jam),
                                           (void *)(uintptr_t)0x08001235,
                                           (void *)(uintptr_t)0x08004321, -7);
  memfault_data_export_dump_chunks();
#if defined(FIRMWARE_WITH_PANICS)
  fflush(stdout);
  crash();
#endif
  return 0;
}
