/* What the link check needs of a platform; every function of the library comes from the archive. */
#include "memfault/components.h"
#include "memfault/metrics/platform/connectivity.h"

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  info->device_serial = "abi-check";
  info->software_type = "abi-check";
  info->software_version = "1.0.0";
  info->hardware_version = "none";
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
}

void memfault_platform_log_raw(const char *fmt, ...) {
  (void)fmt;
}

void memfault_platform_reboot(void) {
  for (;;) {
  }
}

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return 0;
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  return true;
}

#if MEMFAULT_METRICS_BATTERY_ENABLE
int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  (void)soc;
  return -1;
}
#endif

#if MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT
void memfault_platform_metrics_connectivity_boot(void) {}
#endif

#if MEMFAULT_METRICS_RESTORE_STATE
bool memfault_metrics_restore_state(void *state) {
  (void)state;
  return false;
}
#endif

#if MEMFAULT_LOG_RESTORE_STATE
bool memfault_log_restore_state(sMfltLogSaveState *state) {
  (void)state;
  return false;
}
#endif

/* No storage for coredumps, and nothing to save. */
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 0;
  return NULL;
}

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  (void)info;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  (void)offset;
  (void)data;
  (void)data_len;
  return false;
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  (void)offset;
  (void)data;
  (void)read_len;
  return false;
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  (void)offset;
  (void)erase_size;
  return false;
}

void memfault_platform_coredump_storage_clear(void) {}

#if !MEMFAULT_COMPILER_ARM
/* The library has these for Arm only. */
bool memfault_arch_is_inside_isr(void) {
  return false;
}

void memfault_platform_halt_if_debugging(void) {}
#endif

sMfltHttpClientConfig g_mflt_http_client_config = { .api_key = "abi-check" };

sMfltHttpClient *memfault_platform_http_client_create(void) {
  return NULL;
}

int memfault_platform_http_response_get_status(const sMfltHttpResponse *response,
                                               uint32_t *status_out) {
  (void)response;
  (void)status_out;
  return -1;
}

int memfault_platform_http_client_post_data(sMfltHttpClient *client,
                                            MemfaultHttpClientResponseCallback callback,
                                            void *ctx) {
  (void)client;
  (void)callback;
  (void)ctx;
  return -1;
}

int memfault_platform_http_client_wait_until_requests_completed(sMfltHttpClient *client,
                                                                uint32_t timeout_ms) {
  (void)client;
  (void)timeout_ms;
  return 0;
}

int memfault_platform_http_client_destroy(sMfltHttpClient *client) {
  (void)client;
  return 0;
}

#if MEMFAULT_DEMO_CLI_WATCHDOG
int memfault_software_watchdog_enable(void);
int memfault_software_watchdog_enable(void) {
  return 0;
}

int memfault_software_watchdog_disable(void);
int memfault_software_watchdog_disable(void) {
  return 0;
}

int memfault_software_watchdog_update_timeout(uint32_t timeout_ms);
int memfault_software_watchdog_update_timeout(uint32_t timeout_ms) {
  (void)timeout_ms;
  return 0;
}
#endif
