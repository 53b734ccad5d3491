/* Records one trace event and prints its chunk in hexadecimal, and the longest export line.
 *
 * Built by each entry point of tests/build_systems; the bytes are those of the specification's worked
 * example (spec 60, chapter 18) without a build id.
 */
#include <stdio.h>

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

int main(void) {
  static uint8_t events[512];
  memfault_trace_event_boot(memfault_events_storage_boot(events, sizeof(events)));
  memfault_trace_event_with_status_capture(MEMFAULT_TRACE_REASON(widget_jam),
                                           (void *)(uintptr_t)0x08001235,
                                           (void *)(uintptr_t)0x08004321, -7);
  memfault_data_export_dump_chunks();
  return 0;
}
