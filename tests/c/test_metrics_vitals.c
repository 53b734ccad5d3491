/*
 * What the SDK measures by itself: battery, connectivity, syncs, hours, log lines, uptime; and metrics that outlive a deep sleep.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/metrics/battery.h"
#include "memfault/metrics/connectivity.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/battery.h"
#include "memfault/metrics/platform/connectivity.h"
#include "memfault/metrics/platform/overrides.h"
#include "memfault/metrics/reliability.h"
#include "memfault/metrics/serializer.h"
#include "memfault/metrics/utils.h"
#include "log_counts.h"
#include "metrics_platform.h"

#define HOUR_MS 3600000u

static uint8_t s_storage_memory[512];
static int s_soc_result;
static sMfltPlatformBatterySoc s_soc;
static uint8_t s_saved[MEMFAULT_METRICS_CONTEXT_SIZE_BYTES];
static bool s_restore;
static unsigned s_connectivity_boots;
static unsigned s_sdk_collections;

/* --- hooks --- */

uint32_t test_interval_s(void) {
  return 3600;
}

void memfault_platform_metrics_connectivity_boot(void) {
  s_connectivity_boots++;
}

int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  *soc = s_soc;
  return s_soc_result;
}

bool memfault_metrics_restore_state(void *state) {
  CHECK_EQ(g_platform.lock_depth, 0);
  if (s_restore) {
    memcpy(state, s_saved, sizeof(s_saved));
    /* Works on what was just copied. */
    CHECK_EQ(MEMFAULT_METRIC_ADD(pump_starts, 1), 0);
  }
  return s_restore;
}

void memfault_metrics_heartbeat_collect_sdk_data(void) {
  s_sdk_collections++;
}

static int boot_metrics(uint32_t reboots) {
  const sMemfaultMetricBootInfo info = { .unexpected_reboot_count = reboots };
  return memfault_metrics_boot(
    memfault_events_storage_boot(s_storage_memory, sizeof(s_storage_memory)), &info);
}

static uint32_t read(MemfaultMetricId key) {
  uint32_t value = 0xAAAAAAAAu;
  (void)memfault_metrics_heartbeat_read_unsigned(key, &value);
  return value;
}

#define READ(key) read(MEMFAULT_METRICS_KEY(key))
#define UNSET 0xAAAAAAAAu

static uint32_t read_timer(MemfaultMetricId key) {
  uint32_t value = 0xAAAAAAAAu;
  CHECK_EQ(memfault_metrics_heartbeat_timer_read(key, &value), 0);
  return value;
}

/* --- spec 40 chapter 22 F: a heartbeat with all there is --- */

static void test_heartbeat(void) {
  platform_restart(false);
  g_platform.clock_ms = 500;
  CHECK_EQ(boot_metrics(3), 0);
  s_soc = (sMfltPlatformBatterySoc){ .soc = 800, .discharging = true };
  memfault_metrics_battery_boot();
  memfault_metrics_connectivity_record_sync_success();
  CHECK_EQ(MEMFAULT_METRIC_SET_UNSIGNED(pump_starts, 70000), 0);
  CHECK_EQ(MEMFAULT_METRIC_SET_SIGNED(tank_temp_c, -7), 0);
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(valve_name, "north-east"), 0);
  CHECK_EQ(MEMFAULT_METRIC_TIMER_START(idle_ms), 0);
  g_platform.clock_ms = 750;
  CHECK_EQ(MEMFAULT_METRIC_TIMER_STOP(idle_ms), 0);
  log_counts_set(2, 30);
  g_platform.clock_ms = 3601000;
  g_platform.time_known = true;
  s_soc.soc = 793;
  g_platform.timer_callback();
  g_platform.time_known = false;
  CHECK_EQ(s_sdk_collections, 1);
  const size_t len = platform_take_event();
  CHECK_BYTES(g_platform.event, len, 0xa7, 0x02, 0x01, 0x03, 0x01, 0x0a, 0x63, 'a', 'p', 'p', 0x09,
              0x63, '2', '.', '0', 0x06, 0x63, 'h', 'w', '1', 0x01, 0x1a, 0x65, 0x53, 0xf1, 0x00,
              0x04, 0xa2, 0x02, 0x02, 0x01, 0x95,
              /* */ 0x1a, 0x00, 0x36, 0xf0, 0x74, 0x03, 0x01, 0xf6, 0xf6, 0xf6, 0x00, 0x00, 0x01,
              0x01, 0x07, 0x1a, 0x00, 0x36, 0xf0, 0x74, 0x19, 0x03, 0x19, 0x02, 0x18, 0x1e, 0x19,
              0x0e, 0x10,
              /* */ 0x1a, 0x00, 0x01, 0x11, 0x70, 0x26, 0x66, 'n', 'o', 'r', 't', 'h', '-', 0xf6,
              0x18, 0xfa);
}

/* --- battery: spec 40 chapter 22 H --- */

static void discharge(uint64_t at, int result, uint32_t soc, bool discharging, uint32_t drop,
                      uint32_t duration) {
  (void)MEMFAULT_METRICS_SESSION_RESET(heartbeat);
  g_platform.clock_ms = at;
  s_soc_result = result;
  s_soc = (sMfltPlatformBatterySoc){ .soc = soc, .discharging = discharging };
  memfault_metrics_battery_collect_data();
  CHECK_EQ(READ(battery_soc_pct_drop), drop);
  CHECK_EQ(READ(battery_discharge_duration_ms), duration);
  CHECK_EQ(READ(battery_soc_pct), result == 0 ? soc : UNSET);
}

static void test_battery(void) {
  g_platform.clock_ms = 1000;
  s_soc_result = 0;
  s_soc = (sMfltPlatformBatterySoc){ .soc = 803, .discharging = true };
  memfault_metrics_battery_boot();
  discharge(61000, 0, 790, true, 13, 60000);
  platform_forget();
  discharge(91000, 0, 797, true, UNSET, UNSET);
  CHECK_EQ(strcmp(g_platform.log[0], "DBattery drop was negative (-0.700%), skipping"), 0);
  platform_forget();
  discharge(121000, 0, 795, false, UNSET, UNSET);
  CHECK_EQ(strcmp(g_platform.log[0], "DStopped-discharging event missed, dropping data"), 0);
  platform_forget();
  discharge(151000, -1, 795, false, UNSET, UNSET);
  CHECK_EQ(strcmp(g_platform.log[0], "DCurrent (-1) or prev (795) SOC invalid, dropping data"), 0);
  platform_forget();
  discharge(181000, 0, 790, true, UNSET, UNSET);
  CHECK_EQ(strcmp(g_platform.log[0], "DCurrent (790) or prev (-1) SOC invalid, dropping data"), 0);
  CHECK_EQ(strcmp(g_platform.log[1], "DBattery drop was negative (-79.100%), skipping"), 0);
  discharge(211000, 0, 781, true, 9, 30000);
  /* Plugged in for a moment: that interval does not count. */
  memfault_metrics_battery_stopped_discharging();
  discharge(241000, 0, 780, true, UNSET, UNSET);
  discharge(271000, 0, 780, true, 0, 30000);
}

/* --- connectivity: spec 40 chapter 17 --- */

static void connection(uint64_t at, int state, uint32_t connected, uint32_t expected) {
  g_platform.clock_ms = at;
  memfault_metrics_connectivity_connected_state_change((eMemfaultMetricsConnectivityState)state);
  CHECK_EQ(read_timer(MEMFAULT_METRICS_KEY(connectivity_connected_time_ms)), connected);
  CHECK_EQ(read_timer(MEMFAULT_METRICS_KEY(connectivity_expected_time_ms)), expected);
}

static void test_connectivity(void) {
  CHECK_EQ(boot_metrics(0), 0);
  connection(1000, kMemfaultMetricsConnectivityState_Started, 0, 0);
  connection(2000, kMemfaultMetricsConnectivityState_Connected, 0, 1000);
  connection(3000, kMemfaultMetricsConnectivityState_Started, 1000, 2000);
  connection(4000, kMemfaultMetricsConnectivityState_ConnectionLost, 2000, 3000);
  connection(5000, kMemfaultMetricsConnectivityState_Connected, 2000, 4000);
  connection(6000, kMemfaultMetricsConnectivityState_Stopped, 3000, 5000);
  connection(7000, kMemfaultMetricsConnectivityState_Stopped, 3000, 5000);
  connection(8000, kMemfaultMetricsConnectivityState_Connected, 3000, 5000);
  platform_forget();
  connection(8500, kMemfaultMetricsConnectivityState_NumStates, 3500, 5500);
  CHECK_EQ(strcmp(g_platform.log[0], "EUnexpected connection state: 4"), 0);
  connection(9000, kMemfaultMetricsConnectivityState_ConnectionLost, 4000, 6000);
  connection(9500, kMemfaultMetricsConnectivityState_Stopped, 4000, 6500);
  platform_forget();
  connection(9600, -1, 4000, 6500);
  /* As wide as the compiler makes the argument. */
  CHECK_EQ(strcmp(g_platform.log[0], sizeof(eMemfaultMetricsConnectivityState) == 1
                                       ? "EUnexpected connection state: 255"
                                       : "EUnexpected connection state: 4294967295"),
           0);

  memfault_metrics_connectivity_record_sync_success();
  memfault_metrics_connectivity_record_sync_success();
  memfault_metrics_connectivity_record_sync_failure();
  memfault_metrics_connectivity_record_memfault_sync_success();
  memfault_metrics_connectivity_record_memfault_sync_failure();
  CHECK_EQ(READ(sync_successful), 2);
  CHECK_EQ(READ(sync_failure), 1);
  CHECK_EQ(READ(sync_memfault_successful), 1);
  CHECK_EQ(READ(sync_memfault_failure), 1);
}

/* --- hours, log lines, uptime --- */

static void test_hours(void) {
  sMemfaultMetricsReliabilityCtx fresh = { 0 };
  memset(g_platform.region, 0, sizeof(g_platform.region));
  platform_restart(true);
  g_platform.clock_ms = 0;
  CHECK_EQ(boot_metrics(1), 0);
  memfault_metrics_reliability_boot(&fresh);
  g_platform.clock_ms = HOUR_MS - 1;
  memfault_metrics_reliability_collect();
  CHECK_EQ(READ(operational_hours), UNSET);
  g_platform.clock_ms = 2 * HOUR_MS + 5;
  memfault_metrics_reliability_collect();
  CHECK_EQ(READ(operational_hours), 2);
  CHECK_EQ(READ(operational_crashfree_hours), 1);
  CHECK_EQ(memfault_metrics_reliability_get_ctx()->operational_ms, 5);
  g_platform.clock_ms = 3 * HOUR_MS;
  memfault_metrics_reliability_collect();
  CHECK_EQ(READ(operational_hours), 3);
  CHECK_EQ(READ(operational_crashfree_hours), 2);
  CHECK_EQ(memfault_metrics_reliability_get_ctx()->operational_ms, 0);
  g_platform.clock_ms = 100;
  memfault_metrics_reliability_boot(NULL);
  CHECK_EQ(memfault_metrics_reliability_get_ctx()->last_heartbeat_ms, 100);
  CHECK(memfault_metrics_reliability_get_ctx()->counted_unexpected_reboot);
}

static void check_uptime(uint64_t clock_ms, uint32_t seconds) {
  g_platform.clock_ms = clock_ms;
  memfault_metrics_heartbeat_collect();
  CHECK_EQ(READ(uptime_s), seconds);
}

static void test_uptime_and_log_lines(void) {
  check_uptime(1000, 0);
  check_uptime(1001, 1);
  check_uptime(60000, 59);
  check_uptime(86400000, 86399);
  check_uptime(0xFFFFFFFFu, 4294966);
  check_uptime(4294967592297u, 0);
  check_uptime(UINT64_MAX, 4294967295u);

  CHECK_EQ(boot_metrics(0), 0);
  log_counts_set(12, 100);
  memfault_metrics_heartbeat_collect();
  CHECK_EQ(READ(MemfaultSDKMetric_log_dropped_lines), 10); /* 2 were there at the first heartbeat */
  CHECK_EQ(READ(MemfaultSDKMetric_log_recorded_lines), 70);
  CHECK_EQ(boot_metrics(0), 0); /* does not forget what it has counted */
  memfault_metrics_heartbeat_collect();
  CHECK_EQ(READ(MemfaultSDKMetric_log_dropped_lines), 0);
}

/* --- deep sleep --- */

static unsigned s_ended;

static void on_end(void) {
  s_ended++;
}

static void test_restore(void) {
  g_platform.clock_ms = 100;
  CHECK_EQ(boot_metrics(3), 0);
  CHECK_EQ(MEMFAULT_METRIC_SET_UNSIGNED(pump_starts, 9), 0);
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(valve_name, "xy"), 0);
  memfault_metrics_session_register_end_cb(MEMFAULT_METRICS_SESSION_KEY(drain), on_end);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(drain), 0);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_SET_SIGNED(dbar, drain, -3), 0);
  g_platform.clock_ms = 1100;
  memcpy(s_saved, memfault_metrics_get_state(), sizeof(s_saved));

  /* What happens until power is off is lost. */
  memfault_metrics_session_register_end_cb(MEMFAULT_METRICS_SESSION_KEY(drain), NULL);
  MEMFAULT_METRICS_SESSION_RESET(drain);
  CHECK_EQ(MEMFAULT_METRIC_SET_UNSIGNED(pump_starts, 77), 0);
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(valve_name, "other"), 0);

  g_platform.clock_ms = 5100;
  s_restore = true;
  platform_forget();
  const unsigned boots = s_connectivity_boots;
  CHECK_EQ(boot_metrics(77), 0);
  CHECK_EQ(g_platform.time_calls, 0);
  CHECK_EQ(s_connectivity_boots, boots + 1);
  CHECK_EQ(READ(pump_starts), 10); /* and one of the hook */
  CHECK_EQ(READ(MemfaultSdkMetric_UnexpectedRebootCount), 3);
  CHECK_EQ(read_timer(MEMFAULT_METRICS_KEY(MemfaultSdkMetric_IntervalMs)), 5000);
  char text[8];
  CHECK_EQ(memfault_metrics_heartbeat_read_string(MEMFAULT_METRICS_KEY(valve_name), text, 8), 0);
  CHECK_EQ(strcmp(text, "xy"), 0);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(drain), 0); /* it went on over the sleep */
  CHECK_EQ(s_ended, 1);
  const size_t len = platform_take_event();
  CHECK_BYTES(g_platform.event, len, EVENT_METADATA, 0x04, 0xa2, 0x02, 0x01, 0x01, 0x84, 0x19, 0x13,
              0x88, 0xf6, 0x22, 0x00);

  s_restore = false;
  CHECK_EQ(boot_metrics(0), 0);
  CHECK_EQ(READ(pump_starts), UNSET);
}

/* A saved state that was not a state: everything must stay within its memory. */
static void test_garbage_restored(void) {
  for (unsigned round = 0; round < 8; round++) {
    const bool whole_bytes = round % 2 == 0;
    for (size_t i = 0; i < sizeof(s_saved); i++) {
      s_saved[i] = whole_bytes ? 0xff : (uint8_t)check_random(256);
    }
    /* Callbacks are functions of the firmware; a hook that invents them is beyond help. */
    for (size_t i = 0; i < 2 * kMfltMetricsSessionKey_COUNT * sizeof(void *); i++) {
      s_saved[sizeof(void *) + sizeof(sMemfaultMetricsReliabilityCtx) + i] = 0;
    }
    s_restore = true;
    CHECK_EQ(boot_metrics(0), 0);
    s_restore = false;
    char text[16];
    (void)memfault_metrics_heartbeat_read_string(MEMFAULT_METRICS_KEY(valve_name), text, 16);
    memfault_metrics_heartbeat_debug_trigger();
    memfault_metrics_all_sessions_debug_print();
    (void)MEMFAULT_METRICS_SESSION_END(fill);
    while (platform_take_event() > 0) {
    }
  }
  CHECK_EQ(boot_metrics(0), 0);
}

int main(void) {
  board_init();
  test_heartbeat();
  test_battery();
  test_connectivity();
  test_hours();
  test_uptime_and_log_lines();
  test_restore();
  test_garbage_restored();
  check_finish();
}
