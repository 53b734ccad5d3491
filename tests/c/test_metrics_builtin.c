/* The metrics that the library sets itself: hours, battery, connectivity, log lines, uptime
 * (spec 40, chapters 15 to 18). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "check.h"
#include "log_counts.h"
#include "memfault/components.h"
#include "memfault/metrics/platform/connectivity.h"

/* ---- The device ---- */

static uint64_t s_now_ms;
static char s_lines[4][80];
static unsigned s_num_lines;
static int s_levels[4];
static struct {
  sMfltPlatformBatterySoc soc;
  int result;
  unsigned calls;
} s_battery;
static unsigned s_connectivity_boots;
static unsigned s_collections;
static uint32_t s_uptime_seen;

/* The linker sends the library's questions and log lines here (-Wl,--wrap). */
uint64_t __wrap_memfault_platform_get_time_since_boot_ms(void);
uint64_t __wrap_memfault_platform_get_time_since_boot_ms(void) {
  return s_now_ms;
}

void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  if (s_num_lines < sizeof(s_levels) / sizeof(s_levels[0])) {
    va_list args;
    va_start(args, fmt);
    vsnprintf(s_lines[s_num_lines], sizeof(s_lines[0]), fmt, args);
    va_end(args);
    s_levels[s_num_lines] = (int)level;
  }
  s_num_lines++;
}

int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  s_battery.calls++;
  *soc = s_battery.soc;
  return s_battery.result;
}

void memfault_platform_metrics_connectivity_boot(void) {
  s_connectivity_boots++;
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  return true;
}

/* The last of a collection: sees what the library has set, and may change it. */
void memfault_metrics_heartbeat_collect_data(void) {
  s_collections++;
  (void)memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(uptime_s), &s_uptime_seen);
  (void)MEMFAULT_METRIC_SET_UNSIGNED(collections, s_collections);
}

/* ---- Reading ---- */

#define UNSET (-7)

/* The value of an integer, or the negative code of the function that reads it. */
static long long value_of(MemfaultMetricId id) {
  uint32_t value = 0;
  const int result = memfault_metrics_heartbeat_read_unsigned(id, &value);
  return (result == 0) ? (long long)value : result;
}

static long long time_of(MemfaultMetricId id) {
  uint32_t value = 0;
  const int result = memfault_metrics_heartbeat_timer_read(id, &value);
  return (result == 0) ? (long long)value : result;
}

#define VALUE(key) value_of(MEMFAULT_METRICS_KEY(key))
#define TIME(key) time_of(MEMFAULT_METRICS_KEY(key))

static void check_line(unsigned index, int level, const char *text) {
  CHECK_EQ(s_levels[index], level);
  CHECK(index < s_num_lines && strcmp(s_lines[index], text) == 0);
}

static void forget_lines(void) {
  s_num_lines = 0;
  memset(s_lines, 0, sizeof(s_lines));
}

static uint8_t s_storage[512];
static uint8_t s_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

/* All metrics at rest, as after a reset with this reason at this time. */
static void boot(eMemfaultRebootReason reason) {
  memset(s_region, 0, sizeof(s_region));
  const sResetBootupInfo reset = { .reset_reason = reason };
  memfault_reboot_tracking_boot(s_region, &reset);
  const sMemfaultEventStorageImpl *storage =
    memfault_events_storage_boot(s_storage, sizeof(s_storage));
  const sMemfaultMetricBootInfo info = { .unexpected_reboot_count = 0 };
  CHECK_EQ(memfault_metrics_boot(storage, &info), 0);
}

/* A heartbeat would reset what it has sent; this shows what it would send. */
static void collect(uint64_t now_ms) {
  s_now_ms = now_ms;
  memfault_metrics_heartbeat_collect();
}

/* ---- Tests ---- */

static void test_battery(void) {
  /* The day of a battery of spec 40, chapter 22 H. Each interval is a heartbeat: what was not set
   * in it is unset. */
  static const struct {
    uint32_t now_ms;
    uint32_t soc;
    int result;
    bool discharging;
    long long drop;
    long long duration_ms;
    long long charge;
    const char *lines[3];
  } intervals[] = {
    { 61000, 790, 0, true, 13, 60000, 790, { NULL } },
    { 91000, 797, 0, true, UNSET, UNSET, 797, { "Battery drop was negative (-0.700%), skipping" } },
    { 121000, 795, 0, false, UNSET, UNSET, 795,
      { "Stopped-discharging event missed, dropping data" } },
    { 151000, 795, 1, false, UNSET, UNSET, UNSET,
      { "Current (-1) or prev (795) SOC invalid, dropping data" } },
    { 181000, 790, 0, true, UNSET, UNSET, 790,
      { "Current (790) or prev (-1) SOC invalid, dropping data",
        "Battery drop was negative (-79.100%), skipping" } },
    { 211000, 781, 0, true, 9, 30000, 781, { NULL } },
    { 241000, 0x80000005u, 0, false, UNSET, UNSET, UNSET,
      { "Current (-2147483643) or prev (781) SOC invalid, dropping data",
        "Stopped-discharging event missed, dropping data",
        "Battery drop was negative (-214748287.200%), skipping" } },
  };

  s_now_ms = 1000;
  boot(kMfltRebootReason_PowerOnReset);
  CHECK_EQ(s_battery.calls, 0);
  s_battery.soc = (sMfltPlatformBatterySoc){ .soc = 803, .discharging = true };
  memfault_metrics_battery_boot();
  CHECK_EQ(s_battery.calls, 1);

  for (size_t i = 0; i < sizeof(intervals) / sizeof(intervals[0]); i++) {
    forget_lines();
    s_battery.soc.soc = intervals[i].soc;
    s_battery.soc.discharging = intervals[i].discharging;
    s_battery.result = intervals[i].result;
    s_battery.calls = 0;
    collect(intervals[i].now_ms);
    CHECK_EQ(s_battery.calls, 1);
    CHECK_EQ(VALUE(battery_soc_pct_drop), intervals[i].drop);
    CHECK_EQ(VALUE(battery_discharge_duration_ms), intervals[i].duration_ms);
    CHECK_EQ(VALUE(battery_soc_pct), intervals[i].charge);
    unsigned lines = 0;
    while (lines < 3 && intervals[i].lines[lines] != NULL) {
      check_line(lines, kMemfaultPlatformLogLevel_Debug, intervals[i].lines[lines]);
      lines++;
    }
    CHECK_EQ(s_num_lines, lines);
    memfault_metrics_session_reset(kMfltMetricsSessionKey_heartbeat);
  }

  /* The charger is plugged in: that interval does not count, and nothing was missed. */
  s_battery.soc = (sMfltPlatformBatterySoc){ .soc = 700, .discharging = true };
  memfault_metrics_battery_boot();
  board_run_in_interrupt(memfault_metrics_battery_stopped_discharging);
  forget_lines();
  collect(251000);
  CHECK_EQ(VALUE(battery_soc_pct_drop), UNSET);
  CHECK_EQ(VALUE(battery_soc_pct), 700);
  CHECK_EQ(s_num_lines, 0);
  collect(252000);
  CHECK_EQ(VALUE(battery_soc_pct_drop), 0);
  CHECK_EQ(VALUE(battery_discharge_duration_ms), 1000);
}

static void test_connected_time(void) {
  static const struct {
    uint32_t now_ms;
    int state;
    uint32_t connected_ms;
    uint32_t expected_ms;
  } changes[] = {
    { 1000, kMemfaultMetricsConnectivityState_Started, 0, 0 },
    { 2000, kMemfaultMetricsConnectivityState_Connected, 0, 1000 },
    { 3000, kMemfaultMetricsConnectivityState_Started, 1000, 2000 },
    { 4000, kMemfaultMetricsConnectivityState_ConnectionLost, 2000, 3000 },
    { 5000, kMemfaultMetricsConnectivityState_Connected, 2000, 4000 },
    { 6000, kMemfaultMetricsConnectivityState_Stopped, 3000, 5000 },
    { 7000, kMemfaultMetricsConnectivityState_Stopped, 3000, 5000 },
    { 8000, kMemfaultMetricsConnectivityState_Connected, 3000, 5000 },
    { 8500, kMemfaultMetricsConnectivityState_NumStates, 3500, 5500 },
    { 9000, kMemfaultMetricsConnectivityState_ConnectionLost, 4000, 6000 },
    { 9500, kMemfaultMetricsConnectivityState_Stopped, 4000, 6500 },
  };
  boot(kMfltRebootReason_PowerOnReset);
  CHECK_EQ(s_connectivity_boots, 2);
  forget_lines();
  for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
    s_now_ms = changes[i].now_ms;
    memfault_metrics_connectivity_connected_state_change(
      (eMemfaultMetricsConnectivityState)changes[i].state);
    CHECK_EQ(TIME(connectivity_connected_time_ms), changes[i].connected_ms);
    CHECK_EQ(TIME(connectivity_expected_time_ms), changes[i].expected_ms);
  }
  CHECK_EQ(s_num_lines, 1);
  check_line(0, kMemfaultPlatformLogLevel_Error, "Unexpected connection state: 4");

  /* The log has the number as the enum of this compiler holds it. */
  forget_lines();
  memfault_metrics_connectivity_connected_state_change((eMemfaultMetricsConnectivityState)-1);
  check_line(0, kMemfaultPlatformLogLevel_Error,
             (sizeof(eMemfaultMetricsConnectivityState) == 1)
               ? "Unexpected connection state: 255"
               : "Unexpected connection state: 4294967295");
}

static void test_syncs(void) {
  boot(kMfltRebootReason_PowerOnReset);
  CHECK_EQ(VALUE(sync_successful), UNSET);
  for (int i = 0; i < 4; i++) {
    memfault_metrics_connectivity_record_sync_success();
    if (i < 3) {
      memfault_metrics_connectivity_record_sync_failure();
    }
    if (i < 2) {
      memfault_metrics_connectivity_record_memfault_sync_success();
    }
  }
  memfault_metrics_connectivity_record_memfault_sync_failure();
  CHECK_EQ(VALUE(sync_successful), 4);
  CHECK_EQ(VALUE(sync_failure), 3);
  CHECK_EQ(VALUE(sync_memfault_successful), 2);
  CHECK_EQ(VALUE(sync_memfault_failure), 1);
}

static void test_hours(void) {
  /* Spec 40, chapter 22 H: a crash costs one crash-free hour, once. */
  sMemfaultMetricsReliabilityCtx *live = memfault_metrics_reliability_get_ctx();
  memset(live, 0, sizeof(*live));
  s_now_ms = 0;
  boot(kMfltRebootReason_HardFault);
  collect(7200005);
  CHECK_EQ(VALUE(operational_hours), 2);
  CHECK_EQ(VALUE(operational_crashfree_hours), 1);
  CHECK_EQ(live->last_heartbeat_ms, 7200005);
  CHECK_EQ(live->operational_ms, 5);
  CHECK(live->counted_unexpected_reboot);
  collect(10800000);
  CHECK_EQ(VALUE(operational_hours), 3);
  CHECK_EQ(VALUE(operational_crashfree_hours), 2);
  CHECK_EQ(live->operational_ms, 0);

  /* A second boot goes on; only a state that was given replaces all of it. */
  collect(10800000 + 1800000);
  s_now_ms = 100;
  memfault_metrics_reliability_boot(NULL);
  CHECK_EQ(live->last_heartbeat_ms, 100);
  CHECK_EQ(live->operational_ms, 1800000);
  CHECK(live->counted_unexpected_reboot);
  sMemfaultMetricsReliabilityCtx saved = { .last_heartbeat_ms = 1, .operational_ms = 3599999 };
  memfault_metrics_reliability_boot(&saved);
  CHECK(memcmp(live, &saved, sizeof(saved)) == 0);

  /* Less than an hour sets nothing; a crash-free hour may be 0. */
  boot(kMfltRebootReason_HardFault);
  memfault_metrics_reliability_boot(&saved);
  collect(1);
  CHECK_EQ(VALUE(operational_hours), UNSET);
  CHECK_EQ(VALUE(operational_crashfree_hours), UNSET);
  collect(2);
  CHECK_EQ(VALUE(operational_hours), 1);
  CHECK_EQ(VALUE(operational_crashfree_hours), 0);
}

static void test_log_lines_and_uptime(void) {
  s_now_ms = 0;
  log_counts_set(2, 30);
  boot(kMfltRebootReason_PowerOnReset);
  collect(3600000);
  CHECK_EQ(VALUE(MemfaultSDKMetric_log_dropped_lines), 2);
  CHECK_EQ(VALUE(MemfaultSDKMetric_log_recorded_lines), 30);
  CHECK_EQ(VALUE(uptime_s), 3599); /* a little less than milliseconds / 1000 */

  /* A boot does not start the log anew, so only new lines count. */
  boot(kMfltRebootReason_PowerOnReset);
  log_counts_set(2, 31);
  collect(UINT64_C(4294967295999));
  CHECK_EQ(VALUE(MemfaultSDKMetric_log_dropped_lines), 0);
  CHECK_EQ(VALUE(MemfaultSDKMetric_log_recorded_lines), 1);
  CHECK_EQ(VALUE(uptime_s), 4294966999LL);
}

static void test_the_application_comes_last(void) {
  s_now_ms = 0;
  boot(kMfltRebootReason_PowerOnReset);
  s_collections = 0;
  collect(60000);
  CHECK_EQ(s_collections, 1);
  CHECK_EQ(s_uptime_seen, 59);
  CHECK_EQ(VALUE(collections), 1);
  memfault_metrics_heartbeat_debug_trigger();
  CHECK_EQ(s_collections, 2);
  CHECK_EQ(VALUE(uptime_s), UNSET);
}

int main(void) {
  board_init();
  test_battery();
  test_connected_time();
  test_syncs();
  test_hours();
  test_log_lines_and_uptime();
  test_the_application_comes_last();
  check_finish();
}
