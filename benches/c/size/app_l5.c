/*
 * Level 5, on top of level 4: firmware that uses the whole interface. It reads the table of all
 * public functions, and has the hooks that the options of "every option on" ask for.
 */
#include "app.h"
#include "app_api_table.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/nonvolatile_event_storage.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/battery.h"

volatile uintptr_t g_api_checksum;

void app_read_api_table(void) {
  for (size_t i = 0; i < g_api_table_len; i++) {
    g_api_checksum ^= (uintptr_t)g_api_table[i];
  }
}

void memfault_platform_log_raw(const char *fmt, ...) {
  (void)fmt;
}

#if MEMFAULT_METRICS_BATTERY_ENABLE
int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  soc->soc = g_tick;
  soc->discharging = true;
  return 0;
}
#endif

#if MEMFAULT_EVENT_STORAGE_RESTORE_STATE
bool memfault_event_storage_restore_state(sMfltEventStorageSaveState *state) {
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

#if MEMFAULT_METRICS_RESTORE_STATE
bool memfault_metrics_restore_state(void *state) {
  (void)state;
  return false;
}
#endif

#if MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED
static bool nv_enabled(void) {
  return g_tick != 0;
}

static bool nv_has_event(size_t *event_length_out) {
  *event_length_out = 0;
  return false;
}

static bool nv_read(uint32_t offset, void *buf, size_t buf_len) {
  (void)offset;
  (void)buf;
  (void)buf_len;
  return false;
}

static void nv_consume(void) {}

static bool nv_write(MemfaultEventReadCallback reader_callback, size_t total_size) {
  (void)reader_callback;
  (void)total_size;
  return false;
}

const sMemfaultNonVolatileEventStorageImpl g_memfault_platform_nv_event_storage_impl = {
  .enabled = nv_enabled,
  .has_event = nv_has_event,
  .read = nv_read,
  .consume = nv_consume,
  .write = nv_write,
};
#endif
