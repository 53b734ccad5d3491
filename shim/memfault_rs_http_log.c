//! The log lines of the HTTP component (spec 70, chapters 2, 4 and 7).
//!
//! They are compiled with the firmware, so that its log configuration holds for the SDK's own lines
//! too. The library calls them; one function per line, so that the linker drops what is not used.
//! Where the macros expand to nothing, the arguments go unused.

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/debug_log.h"
#include "memfault/core/platform/device_info.h"

//! Called by the library. Not for firmware.
void memfault_rs_log_http_no_client(void);
void memfault_rs_log_http_post_failed(int result);
void memfault_rs_log_http_no_status(int result);
void memfault_rs_log_http_status(uint32_t status);
void memfault_rs_log_http_latest_release(const sMemfaultDeviceInfo *info);
void memfault_rs_log_http_value_refused(const char *value);
void memfault_rs_log_http_url_value_refused(void);
void memfault_rs_log_http_url_too_long(size_t buf_len, size_t url_len);

void memfault_rs_log_http_no_client(void) {
  MEMFAULT_LOG_ERROR("Failed to create HTTP client");
}

void memfault_rs_log_http_post_failed(int result) {
  (void)result;
  MEMFAULT_LOG_ERROR("Failed to post chunk: rv=%d", result);
}

void memfault_rs_log_http_no_status(int result) {
  (void)result;
  MEMFAULT_LOG_ERROR("Request failed. No HTTP status: %d", result);
}

void memfault_rs_log_http_status(uint32_t status) {
  (void)status;
  MEMFAULT_LOG_ERROR("Request failed. HTTP Status: %u", (unsigned int)status);
}

static const char *prv_text(const char *text) {
  return (text != NULL) ? text : "<NULL>";
}

void memfault_rs_log_http_latest_release(const sMemfaultDeviceInfo *info) {
  const char *serial = prv_text(info->device_serial);
  const char *hardware = prv_text(info->hardware_version);
  const char *type = prv_text(info->software_type);
  const char *version = prv_text(info->software_version);
  (void)serial, (void)hardware, (void)type, (void)version;
  MEMFAULT_LOG_DEBUG(
    "OTA check w/ device info: serial=%s, hardware=%s, software_type=%s, software_version=%s",
    serial, hardware, type, version);
}

void memfault_rs_log_http_value_refused(const char *value) {
  value = prv_text(value);
  MEMFAULT_LOG_ERROR("Failed to URL encode qparam value: %s", value);
}

void memfault_rs_log_http_url_value_refused(void) {
  MEMFAULT_LOG_ERROR("Failed to URL encode device info param");
}

//! A URL that lacks room for the terminator only is reported with equal numbers, as in the reference.
void memfault_rs_log_http_url_too_long(size_t buf_len, size_t url_len) {
  (void)buf_len, (void)url_len;
  MEMFAULT_LOG_ERROR("Chunk URL buffer too small. Was %dB but need %dB", (int)buf_len,
                     (int)url_len);
}
