/* The rest of what the SDK leaves to a platform, so that abi_check.c links as a whole. */
#include "memfault/components.h"
#include "memfault/metrics/platform/connectivity.h"

int memfault_platform_boot(void) {
  return 0;
}

void memfault_platform_hexdump(eMemfaultPlatformLogLevel level, const void *data, size_t data_len) {
  (void)level;
  (void)data;
  (void)data_len;
}

uint32_t memfault_platform_crc32(const void *data, size_t data_len) {
  (void)data;
  (void)data_len;
  return 0;
}

void memfault_platform_reboot_tracking_boot(void) {}

#if MEMFAULT_PLATFORM_FAULT_HANDLER_CUSTOM
void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason) {
  (void)regs;
  (void)reason;
}
#endif

/* State over deep sleep: there is none. */

bool memfault_event_storage_restore_state(sMfltEventStorageSaveState *state) {
  (void)state;
  return false;
}

bool memfault_log_restore_state(sMfltLogSaveState *state) {
  (void)state;
  return false;
}

bool memfault_metrics_restore_state(void *state) {
  (void)state;
  return false;
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  return true;
}

int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  (void)soc;
  return -1;
}

void memfault_platform_metrics_connectivity_boot(void) {}

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  (void)start_addr;
  return desired_size;
}

/* No network */

sMfltHttpClientConfig g_mflt_http_client_config = { .api_key = "test" };

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
