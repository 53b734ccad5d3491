//! The built-in metrics (spec 40, chapters 5 and 9): which ones this firmware has, where they are,
//! and the hooks behind them.
//!
//! All of that depends on the firmware's options, so it is compiled with the firmware. The library
//! does the rest.

#include <stdint.h>

#include "memfault/metrics/battery.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/battery.h"
#include "memfault/metrics/reliability.h"

//! Used by the library, in the order of its enums. Not for firmware.
extern const uint16_t g_memfault_rs_hours_keys[2];
extern const uint16_t g_memfault_rs_sync_keys[4];
extern const uint16_t g_memfault_rs_connected_time_keys[2];
extern const uint16_t g_memfault_rs_battery_keys[3];
extern const uint16_t g_memfault_rs_log_line_keys[2];
int memfault_rs_battery_read(sMfltPlatformBatterySoc *soc);
void memfault_rs_metrics_collect_builtin(void *log_lines);

//! Defined in the library.
void memfault_rs_metrics_collect_log_lines(void *log_lines);
uint32_t memfault_rs_metrics_uptime_s(void);

#define INDEX(key) ((uint16_t)kMfltMetricsIndex_heartbeat__##key)
//! No metric has this index.
#define ABSENT UINT16_MAX
MEMFAULT_STATIC_ASSERT(kMfltMetricsIndexV2_COUNT < ABSENT, "too many metrics");

const uint16_t g_memfault_rs_hours_keys[2] = {
  INDEX(operational_hours),
  INDEX(operational_crashfree_hours),
};

const uint16_t g_memfault_rs_sync_keys[4] = {
#if MEMFAULT_METRICS_SYNC_SUCCESS
  INDEX(sync_successful),
  INDEX(sync_failure),
#else
  ABSENT,
  ABSENT,
#endif
#if MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS
  INDEX(sync_memfault_successful),
  INDEX(sync_memfault_failure),
#else
  ABSENT,
  ABSENT,
#endif
};

const uint16_t g_memfault_rs_connected_time_keys[2] = {
#if MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME
  INDEX(connectivity_connected_time_ms),
  INDEX(connectivity_expected_time_ms),
#else
  ABSENT,
  ABSENT,
#endif
};

const uint16_t g_memfault_rs_battery_keys[3] = {
#if MEMFAULT_METRICS_BATTERY_ENABLE
  INDEX(battery_soc_pct_drop),
  INDEX(battery_discharge_duration_ms),
  INDEX(battery_soc_pct),
#else
  ABSENT,
  ABSENT,
  ABSENT,
#endif
};

const uint16_t g_memfault_rs_log_line_keys[2] = {
#if MEMFAULT_METRICS_LOGS_ENABLE
  INDEX(MemfaultSDKMetric_log_dropped_lines),
  INDEX(MemfaultSDKMetric_log_recorded_lines),
#else
  ABSENT,
  ABSENT,
#endif
};

//! Firmware without the option has no such hook, and the linker must not miss it.
int memfault_rs_battery_read(sMfltPlatformBatterySoc *soc) {
#if MEMFAULT_METRICS_BATTERY_ENABLE
  return memfault_platform_get_stateofcharge(soc);
#else
  (void)soc;
  return -1;
#endif
}

//! Sets the built-in metrics of a heartbeat, in this order. log_lines: what was reported of the log,
//! part of the saved state.
void memfault_rs_metrics_collect_builtin(void *log_lines) {
  memfault_metrics_reliability_collect();
#if MEMFAULT_METRICS_BATTERY_ENABLE
  memfault_metrics_battery_collect_data();
#endif
#if MEMFAULT_METRICS_LOGS_ENABLE
  memfault_rs_metrics_collect_log_lines(log_lines);
#else
  (void)log_lines;
#endif
#if MEMFAULT_METRICS_UPTIME_ENABLE
  (void)MEMFAULT_METRIC_SET_UNSIGNED(uptime_s, memfault_rs_metrics_uptime_s());
#endif
}
