/*
 * Metrics and sessions through the C interface: all kinds of values and all macros for C code, the events of spec 40 chapter 22 byte
 * by byte, codes, locks, callbacks, crashes inside of a session.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/compiler.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/battery.h"
#include "memfault/metrics/platform/connectivity.h"
#include "memfault/metrics/platform/overrides.h"
#include "memfault/metrics/serializer.h"
#include "memfault/metrics/utils.h"
#include "metrics_platform.h"

static uint8_t s_storage_memory[512];
static const sMemfaultEventStorageImpl *s_storage;
static unsigned s_connectivity_boots;
static void (*s_in_collect_data)(void);

/* --- the hooks of the options that are on --- */

uint32_t test_interval_s(void) {
  return 1234;
}

void memfault_platform_metrics_connectivity_boot(void) {
  s_connectivity_boots++;
}

int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  *soc = (sMfltPlatformBatterySoc){ .soc = 0, .discharging = false };
  return -1;
}

bool memfault_metrics_restore_state(void *state) {
  (void)state;
  return false;
}

void memfault_metrics_heartbeat_collect_data(void) {
  if (s_in_collect_data != NULL) {
    s_in_collect_data();
  }
}

/* A boot of metrics at 500 ms on an empty storage. */
static int boot_metrics(size_t storage_len, uint32_t reboots) {
  s_storage = memfault_events_storage_boot(s_storage_memory, storage_len);
  g_platform.clock_ms = 500;
  const sMemfaultMetricBootInfo info = { .unexpected_reboot_count = reboots };
  return memfault_metrics_boot(s_storage, &info);
}

#define CHECK_EVENT(...)                                                          \
  do {                                                                            \
    const size_t len_ = platform_take_event();                                    \
    CHECK_BYTES(g_platform.event, len_, EVENT_METADATA, 0x04, 0xa2, __VA_ARGS__); \
  } while (0)

/* --- before boot --- */

static void test_before_boot(void) {
  uint32_t value = 7;
  CHECK_EQ(MEMFAULT_METRIC_ADD(pump_starts, 3), 0);
  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(pump_starts), &value), 0);
  CHECK_EQ(value, 3);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(fill), 0);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), -5); /* nowhere to put the event */
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), -4);
  memfault_metrics_heartbeat_debug_trigger(); /* there is no storage, and no crash */

  const sMemfaultMetricBootInfo info = { 0 };
  s_storage = memfault_events_storage_boot(s_storage_memory, sizeof(s_storage_memory));
  CHECK_EQ(memfault_metrics_boot(NULL, &info), -3);
  CHECK_EQ(memfault_metrics_boot(s_storage, NULL), -3);
  CHECK_EQ(platform_take_event(), 0);
}

static void test_boot(void) {
  platform_forget();
  CHECK_EQ(boot_metrics(30, 0), -5);
  static const char kWarning[] = "WEvent storage (30) smaller than largest metrics event (";
  CHECK_EQ(strncmp(g_platform.log[0], kWarning, strlen(kWarning)), 0);
  CHECK(g_platform.timer_callback == NULL);

  platform_forget();
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 3), 0);
  CHECK_EQ(g_platform.timer_period_s, 1234);
  CHECK(g_platform.timer_callback != NULL);
  CHECK_EQ(s_connectivity_boots, 1);
  CHECK_EQ(g_platform.time_calls, 2);
  uint32_t value = 0;
  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(pump_starts), &value), -7);
  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(
             MEMFAULT_METRICS_KEY(MemfaultSdkMetric_UnexpectedRebootCount), &value),
           0);
  CHECK_EQ(value, 3);

  g_platform.timer_fails = true;
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), -6);
  CHECK_EQ(s_connectivity_boots, 1);
  g_platform.timer_fails = false;
}

/* --- values --- */

static void check_add_unsigned(uint32_t start, int32_t amount, uint32_t sum) {
  uint32_t value = 0;
  CHECK_EQ(MEMFAULT_METRIC_SET_UNSIGNED(pump_starts, start), 0);
  CHECK_EQ(MEMFAULT_METRIC_ADD(pump_starts, amount), 0);
  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(pump_starts), &value), 0);
  CHECK_EQ(value, sum);
}

static void check_add_signed(int32_t start, int32_t amount, int32_t sum) {
  int32_t value = 0;
  CHECK_EQ(MEMFAULT_METRIC_SESSION_SET_SIGNED(dbar, drain, start), 0);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_ADD(dbar, drain, amount), 0);
  CHECK_EQ(memfault_metrics_heartbeat_read_signed(MEMFAULT_METRICS_KEY_WITH_SESSION(dbar, drain),
                                                  &value),
           0);
  CHECK_EQ(value, sum);
}

static void test_add(void) {
  check_add_unsigned(0, -1, 0);
  check_add_unsigned(5, -6, 0);
  check_add_unsigned(0xFFFFFFF0u, INT32_MAX, UINT32_MAX);
  check_add_unsigned(0x80000000u, INT32_MIN, 0);
  check_add_unsigned(UINT32_MAX, 0, UINT32_MAX);
  check_add_unsigned(0xFFFFFFFEu, 2, UINT32_MAX);
  check_add_unsigned(0x80000002u, INT32_MAX, UINT32_MAX);
  check_add_unsigned(UINT32_MAX, INT32_MIN, INT32_MAX);
  check_add_signed(2147483646, 2, INT32_MAX);
  check_add_signed(INT32_MAX, INT32_MAX, INT32_MAX);
  check_add_signed(-2147483647, -2, INT32_MIN);
  check_add_signed(INT32_MIN, INT32_MIN, INT32_MIN);
  check_add_signed(INT32_MIN, INT32_MAX, -1);
}

static void test_strings(void) {
  const MemfaultMetricId key = MEMFAULT_METRICS_KEY(valve_name);
  char text[8];
  memset(text, 0x5a, sizeof(text));
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(valve_name, "ab"), 0);
  CHECK_EQ(memfault_metrics_heartbeat_read_string(key, text, sizeof(text)), 0);
  CHECK_BYTES(text, sizeof(text), 'a', 'b', 0, 0x5a, 0x5a, 0x5a, 0x5a, 0);
  memset(text, 0x5a, sizeof(text));
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(valve_name, "abcdefgh"), 0);
  CHECK_EQ(memfault_metrics_heartbeat_read_string(key, text, 4), 0);
  CHECK_BYTES(text, sizeof(text), 'a', 'b', 'c', 0, 0x5a, 0x5a, 0x5a, 0x5a);
  CHECK_EQ(memfault_metrics_heartbeat_read_string(key, text, sizeof(text)), 0);
  CHECK_EQ(strlen(text), 6);
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(valve_name, NULL), -3);
  CHECK_EQ(memfault_metrics_heartbeat_read_string(key, NULL, 4), -3);
  CHECK_EQ(memfault_metrics_heartbeat_read_string(key, text, 0), -3);
  CHECK_EQ(memfault_metrics_heartbeat_read_string(MEMFAULT_METRICS_KEY(flow_l), text, 4), -1);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_SET_STRING(src, fill, "well2"), 0);
  CHECK_EQ(memfault_metrics_heartbeat_read_string(MEMFAULT_METRICS_KEY_WITH_SESSION(src, fill),
                                                  text, sizeof(text)),
           0);
  CHECK_EQ(memcmp(text, "well", 5), 0);
}

static void test_wrong_keys(void) {
  const MemfaultMetricId unknown[] = { { -1 }, { kMfltMetricsIndexV2_COUNT }, { INT32_MAX },
                                       { INT32_MIN } };
  uint32_t value = 7;
  char text[4] = "abc";
  platform_forget();
  for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
    CHECK_EQ(memfault_metrics_heartbeat_set_unsigned(unknown[i], 1), -1);
    CHECK_EQ(memfault_metrics_heartbeat_set_signed(unknown[i], 1), -1);
    CHECK_EQ(memfault_metrics_heartbeat_set_string(unknown[i], NULL), -1); /* not looked at */
    CHECK_EQ(memfault_metrics_heartbeat_add(unknown[i], 1), -1);
    CHECK_EQ(memfault_metrics_heartbeat_timer_start(unknown[i]), -1);
    CHECK_EQ(memfault_metrics_heartbeat_timer_stop(unknown[i]), -1);
    CHECK_EQ(memfault_metrics_heartbeat_timer_read(unknown[i], &value), -1);
    CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(unknown[i], &value), -1);
    CHECK_EQ(memfault_metrics_heartbeat_read_string(unknown[i], text, sizeof(text)), -1);
  }
  CHECK_EQ(g_platform.log_lines, 0);
  CHECK_EQ(value, 7);

  CHECK_EQ(MEMFAULT_METRIC_SET_SIGNED(pump_starts, 1), -2);
  CHECK_EQ(MEMFAULT_METRIC_SET_UNSIGNED(idle_ms, 1), -2);
  CHECK_EQ(MEMFAULT_METRIC_SET_STRING(flow_l, "x"), -1);
  CHECK_EQ(MEMFAULT_METRIC_TIMER_START(valve_name), -2);
  CHECK_EQ(MEMFAULT_METRIC_ADD(idle_ms, 1), -2);
  CHECK_EQ(g_platform.log_lines, 5);
  CHECK_EQ(g_platform.lock_depth, 0);
  /* The index of a metric depends on the options; the end of the line does not matter here. */
  CHECK(strncmp(g_platform.log[0], "EInvalid type (1 vs 0) for key: ", 32) == 0);
  CHECK(strncmp(g_platform.log[1], "EInvalid type (0 vs 2) for key: ", 32) == 0);
  CHECK(strncmp(g_platform.log[2], "EInvalid type (3 vs 0) for key: ", 32) == 0);
  CHECK(strncmp(g_platform.log[3], "EInvalid type (2 vs 3) for key: ", 32) == 0);
  CHECK(strncmp(g_platform.log[4], "ECan only add to number types (key: ", 36) == 0);

  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(flow_l), NULL), -3);
  CHECK_EQ(memfault_metrics_heartbeat_read_signed(MEMFAULT_METRICS_KEY(tank_temp_c), NULL), -3);
  CHECK_EQ(memfault_metrics_heartbeat_timer_read(MEMFAULT_METRICS_KEY(idle_ms), NULL), -3);
}

static void check_stretch(uint64_t start, uint64_t stop, uint32_t elapsed) {
  uint32_t before = 0;
  uint32_t after = 0;
  const MemfaultMetricId key = MEMFAULT_METRICS_KEY(idle_ms);
  CHECK_EQ(memfault_metrics_heartbeat_timer_read(key, &before), 0);
  g_platform.clock_ms = start;
  CHECK_EQ(MEMFAULT_METRIC_TIMER_START(idle_ms), 0);
  CHECK_EQ(MEMFAULT_METRIC_TIMER_START(idle_ms), -4);
  g_platform.clock_ms = stop;
  CHECK_EQ(MEMFAULT_METRIC_TIMER_STOP(idle_ms), 0);
  CHECK_EQ(MEMFAULT_METRIC_TIMER_STOP(idle_ms), -4);
  CHECK_EQ(memfault_metrics_heartbeat_timer_read(key, &after), 0);
  CHECK_EQ((uint32_t)(after - before), elapsed);
}

static void test_timers(void) {
  check_stretch(0x7FFFFFF0u, 0x80000020u, 48);
  check_stretch(0, 0x80000005u, 5);
  check_stretch(0x100000010u, 0x100000110u, 256);
  check_stretch(500, 400, 2147483548u);
  /* Each time as long as a timer can tell; the sum starts anew where 32 bits end. */
  for (uint64_t n = 0; n < 3; n++) {
    check_stretch(n * 0x80000000u, n * 0x80000000u + 0x7FFFFFFFu, 0x7FFFFFFFu);
  }
}

/* --- events --- */

static void test_session_events(void) {
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), 0);
  g_platform.clock_ms = 2000;
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(fill), 0);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(fill), -4);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_SET_UNSIGNED(litres, fill, 12), 0);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_SET_STRING(src, fill, "well2"), 0);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_TIMER_START(busy_ms, fill), 0);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(drain), 0);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_SET_SIGNED(dbar, drain, -1013), 0);
  g_platform.clock_ms = 2000 + 65536;
  platform_forget();
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(drain), 0);
  CHECK_EQ(g_platform.time_calls, 1);
  CHECK_EVENT(0x02, 0x01, 0x01, 0x84, 0x1a, 0x00, 0x01, 0x00, 0x00, 0xf6, 0x39, 0x03, 0xf4, 0x00);
  g_platform.clock_ms = 302000;
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), 0);
  CHECK_EVENT(0x02, 0x00, 0x01, 0x86, 0x1a, 0x00, 0x04, 0x93, 0xe0, 0xf6, 0x0c, 0x64, 'w', 'e',
              'l', 'l', 0x00, 0xf6);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), -4);
  CHECK_EQ(platform_take_event(), 0);
  /* The values stay until the next start. */
  uint32_t litres = 0;
  const MemfaultMetricId key = MEMFAULT_METRICS_KEY_WITH_SESSION(litres, fill);
  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(key, &litres), 0);
  CHECK_EQ(litres, 12);
  MEMFAULT_METRICS_SESSION_RESET(fill);
  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(key, &litres), -7);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_TIMER_STOP(busy_ms, fill), 0);
}

static void test_full_storage(void) {
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), 0);
  /* Metrics go on with the storage that they have; it is small from now on. */
  (void)memfault_events_storage_boot(s_storage_memory, 32);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(fill), 0);
  platform_forget();
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), -5);
  CHECK_EQ(strcmp(g_platform.log[0], "EEvent storage full"), 0);
  CHECK_EQ(g_platform.lock_depth, 0);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), -4);
  CHECK_EQ(platform_take_event(), 0);
}

/* --- callbacks and hooks that use metrics --- */

static unsigned s_started;
static unsigned s_ended;

static void on_start(void) {
  s_started++;
  CHECK_EQ(g_platform.lock_depth, 0);
  CHECK(memfault_reboot_tracking_metrics_session_was_active(kMfltMetricsSessionKey_fill));
  CHECK_EQ(MEMFAULT_METRIC_SESSION_ADD(litres, fill, 5), 0);
}

static void on_end(void) {
  s_ended++;
  CHECK_EQ(g_platform.lock_depth, 0);
  CHECK_EQ(MEMFAULT_METRIC_SESSION_ADD(late_one, fill, 1), 0);
  memfault_metrics_session_debug_print(kMfltMetricsSessionKey_fill);
}

static void ends_itself(void) {
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), 0);
}

static void test_callbacks(void) {
  const eMfltMetricsSessionIndex fill = MEMFAULT_METRICS_SESSION_KEY(fill);
  memfault_metrics_session_register_start_cb(fill, on_start);
  memfault_metrics_session_register_end_cb(fill, on_end);
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), 0); /* does not forget them */
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(fill), 0);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), 0);
  CHECK_EVENT(0x02, 0x00, 0x01, 0x86, 0x00, 0xf6, 0x05, 0x60, 0x00, 0x01);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), -4);
  CHECK_EQ(s_started, 1);
  CHECK_EQ(s_ended, 2); /* even if the session was not active */
  memfault_metrics_session_register_end_cb(fill, NULL);
  memfault_metrics_session_register_start_cb(fill, ends_itself);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(fill), 0);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_END(fill), -4);
  CHECK(platform_take_event() > 0);
  memfault_metrics_session_register_start_cb(fill, NULL);
}

static void test_unknown_sessions(void) {
  const int unknown[] = { kMfltMetricsSessionKey_COUNT, 32, 255 };
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), 0);
  for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
    const eMfltMetricsSessionIndex session = (eMfltMetricsSessionIndex)unknown[i];
    CHECK_EQ(memfault_metrics_session_start(session), -1);
    CHECK_EQ(memfault_metrics_session_end(session), -1);
    memfault_metrics_session_reset(session);
    memfault_metrics_session_register_start_cb(session, on_start);
    memfault_metrics_session_register_end_cb(session, on_end);
    memfault_metrics_session_debug_print(session);
    CHECK_EQ(memfault_metrics_session_get_num_metrics(session), 0);
  }
  CHECK_EQ(platform_take_event(), 0);
}

static void test_crash_inside_a_session(void) {
  memset(g_platform.region, 0, sizeof(g_platform.region));
  platform_restart(false);
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), 0);
  platform_report_restart(s_storage);
  CHECK_EQ(MEMFAULT_METRICS_SESSION_START(fill), 0);
  CHECK(memfault_reboot_tracking_metrics_session_was_active(0));
  memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_HardFault, NULL);

  platform_restart(true);
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 1), 0);
  CHECK_EVENT(0x02, 0x00, 0x01, 0x86, 0x00, 0x01, 0xf6, 0x60, 0x00, 0xf6);
  CHECK_EQ(platform_take_event(), 0);
  CHECK(!memfault_reboot_tracking_metrics_session_was_active(0));
}

static bool stop_at_five(void *ctx, const sMemfaultMetricInfo *info) {
  unsigned *count = ctx;
  CHECK_EQ(info->key._impl, (int)*count);
  CHECK_EQ(g_platform.lock_depth, 1);
  (*count)++;
  return *count < 5;
}

static void print_everything(void) {
  memfault_metrics_heartbeat_debug_print();
  memfault_metrics_all_sessions_debug_print();
  CHECK_EQ(MEMFAULT_METRIC_SET_UNSIGNED(flow_l, memfault_metrics_heartbeat_get_num_metrics()), 0);
}

static void test_iterator_and_hooks(void) {
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), 0);
  unsigned count = 0;
  memfault_metrics_heartbeat_iterate(stop_at_five, &count);
  CHECK_EQ(count, 5);
  CHECK_EQ(memfault_metrics_session_get_num_metrics(kMfltMetricsSessionKey_fill), 6);
  CHECK_EQ(memfault_metrics_session_get_num_metrics(kMfltMetricsSessionKey_drain), 4);
  CHECK_EQ(memfault_metrics_heartbeat_get_num_metrics(), 21);

  s_in_collect_data = print_everything; /* hooks may use metrics */
  g_platform.timer_callback();
  s_in_collect_data = NULL;
  CHECK(platform_take_event() > 0);

  platform_forget();
  (void)MEMFAULT_METRIC_SESSION_SET_STRING(src, fill, "tap");
  memfault_metrics_session_debug_print(kMfltMetricsSessionKey_fill);
  CHECK_EQ(g_platform.log_lines, 7);
  CHECK_EQ(strcmp(g_platform.log[0], "IMetrics keys/values:"), 0);
  CHECK_EQ(strcmp(g_platform.log[1], "I  fill__MemfaultSdkMetric_IntervalMs: 0"), 0);
  CHECK_EQ(strcmp(g_platform.log[2], "I  fill__operational_crashes: null"), 0);
  CHECK_EQ(strcmp(g_platform.log[4], "I  fill__src: \"tap\""), 0);
}

/* Locks of a call; what it returns does not matter. */
#define CHECK_LOCKS(call, pairs)               \
  do {                                         \
    platform_forget();                         \
    (void)(call);                              \
    CHECK_EQ(g_platform.lock_pairs, (pairs));  \
  } while (0)

static void test_locks(void) {
  uint32_t value;
  char text[4];
  CHECK_EQ(boot_metrics(sizeof(s_storage_memory), 0), 0);
  CHECK_LOCKS(MEMFAULT_METRIC_SET_UNSIGNED(flow_l, 1), 1);
  CHECK_LOCKS(MEMFAULT_METRIC_SET_SIGNED(tank_temp_c, 1), 1);
  CHECK_LOCKS(MEMFAULT_METRIC_SET_STRING(valve_name, "x"), 1);
  CHECK_LOCKS(MEMFAULT_METRIC_ADD(flow_l, 1), 1);
  CHECK_LOCKS(MEMFAULT_METRIC_TIMER_START(idle_ms), 1);
  CHECK_LOCKS(MEMFAULT_METRIC_TIMER_STOP(idle_ms), 1);
  CHECK_LOCKS(memfault_metrics_heartbeat_timer_read(MEMFAULT_METRICS_KEY(idle_ms), &value), 1);
  CHECK_LOCKS(memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(flow_l), &value), 1);
  CHECK_LOCKS(memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(flow_l), NULL), 0);
  CHECK_LOCKS(memfault_metrics_heartbeat_read_string(MEMFAULT_METRICS_KEY(valve_name), text, 4), 1);
  CHECK_LOCKS(MEMFAULT_METRICS_SESSION_START(fill), 1);
  CHECK_LOCKS((MEMFAULT_METRICS_SESSION_RESET(fill), 0), 1);
}

int main(void) {
  board_init();
  test_before_boot();
  platform_restart(false);
  test_boot();
  test_add();
  test_strings();
  test_wrong_keys();
  test_timers();
  test_session_events();
  test_full_storage();
  test_callbacks();
  test_unknown_sessions();
  test_crash_inside_a_session();
  test_iterator_and_hooks();
  test_locks();
  check_finish();
}
