//! The log lines about build id, device info and reboots (spec 20, chapter 19).
//!
//! They are compiled with the firmware, so that its log configuration holds for the SDK's own lines
//! too. The library calls them; one function per place, so that the linker drops what is not used.
//! Where the macros expand to nothing, the arguments go unused.

#include <stdbool.h>
#include <stddef.h>

#include "memfault/core/debug_log.h"
#include "memfault/core/platform/device_info.h"

//! Called by the library. Not for firmware.
void memfault_rs_log_no_build_id_available(void);
void memfault_rs_log_build_id(bool is_gnu, const char *hex);
void memfault_rs_log_no_build_id_for_version(void);
void memfault_rs_log_device_info(const sMemfaultDeviceInfo *info);
void memfault_rs_log_no_reset_info(void);
void memfault_rs_log_reboot_not_stored(size_t capacity, size_t worst_case);

void memfault_rs_log_no_build_id_available(void) {
  MEMFAULT_LOG_INFO("No Build ID available");
}

void memfault_rs_log_build_id(bool is_gnu, const char *hex) {
  (void)is_gnu, (void)hex;
  MEMFAULT_LOG_INFO("%s Build ID: %s", is_gnu ? "GNU" : "Memfault", hex);
}

void memfault_rs_log_no_build_id_for_version(void) {
  MEMFAULT_LOG_ERROR("No configured build id");
}

static const char *prv_text(const char *text) {
  return (text != NULL) ? text : "<NULL>";
}

void memfault_rs_log_device_info(const sMemfaultDeviceInfo *info) {
  const char *serial = prv_text(info->device_serial);
  const char *type = prv_text(info->software_type);
  const char *version = prv_text(info->software_version);
  const char *hardware = prv_text(info->hardware_version);
  (void)serial, (void)type, (void)version, (void)hardware;
  MEMFAULT_LOG_INFO("S/N: %s", serial);
  MEMFAULT_LOG_INFO("SW type: %s", type);
  MEMFAULT_LOG_INFO("SW version: %s", version);
  MEMFAULT_LOG_INFO("HW version: %s", hardware);
}

void memfault_rs_log_no_reset_info(void) {
  MEMFAULT_LOG_WARN("%s: No reset info collected", "memfault_reboot_tracking_collect_reset_info");
}

void memfault_rs_log_reboot_not_stored(size_t capacity, size_t worst_case) {
  (void)capacity, (void)worst_case;
  MEMFAULT_LOG_WARN("Event storage (%d) smaller than largest reset reason (%d)", (int)capacity,
                    (int)worst_case);
}
