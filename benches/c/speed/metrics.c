/*
 * Metric rows: what it costs to set a metric and to make a heartbeat of 27 values, 20 of them the
 * user's (metrics/bench_metrics.def) and 7 the SDK's.
 *
 * Run by `cargo xtask bench speed`; prints a count per operation, the worst-case size as
 * `worst_case_size heartbeat bytes=..`, and the heartbeat that leaves the packetizer (outlet.h).
 */
#include "hooks.h"
#include "measure.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/trace_event.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/serializer.h"
#include "outlet.h"
#include "report.h"

#include <stddef.h>

#define EVENTS_BEFORE 38

static const char s_text[] __attribute__((aligned(8))) = "bench-string-0";
static const char s_short_text[] __attribute__((aligned(8))) = "v1";

__attribute__((aligned(8))) static uint8_t s_event_storage[2048];
__attribute__((aligned(8))) static uint8_t s_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

static const sMemfaultEventStorageImpl *s_storage;

/* What an operation returned; the operations themselves run inside a void function. */
static int s_result;

static void count_success(const char *id, bench_fn operation) {
  s_result = -1;
  bench_count(id, operation);
  if (s_result != 0) {
    bench_fail("%s returned %d", id, s_result);
  }
}

/* --- boot --- */

static void boot_metrics(void) {
  const sMemfaultMetricBootInfo boot_info = { .unexpected_reboot_count = 1 };
  s_result = memfault_metrics_boot(s_storage, &boot_info);
}

/* The ring of the storage is as far on as after the reboot and trace events of the C SDK's
 * measurement: the first heartbeat below fits in front of its end, the second goes over it. */
static void run_boot(void) {
  const sResetBootupInfo power_on = {
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_PowerOnReset,
  };
  g_time_since_boot_ms = 1000;
  s_storage = memfault_events_storage_boot(s_event_storage, sizeof(s_event_storage));
  memfault_reboot_tracking_boot(s_reboot_region, &power_on);
  if (memfault_trace_event_boot(s_storage) != 0) {
    bench_fail("memfault_trace_event_boot");
  }
  count_success("metrics_boot", boot_metrics);
  if (g_heartbeat_callback == NULL) {
    bench_fail("metrics_boot: no timer was started");
  }
  for (int i = 0; i < EVENTS_BEFORE; i++) {
    MEMFAULT_TRACE_EVENT(bench_reason);
    outlet_drain();
  }
}

/* --- operations --- */

static void set_unsigned(void) {
  s_result = MEMFAULT_METRIC_SET_UNSIGNED(bu9, 9007);
}

static void set_signed(void) {
  s_result = MEMFAULT_METRIC_SET_SIGNED(bs4, -401);
}

static void set_string(void) {
  s_result = MEMFAULT_METRIC_SET_STRING(bstr0, s_text);
}

static void add(void) {
  s_result = MEMFAULT_METRIC_ADD(bu0, 7);
}

static void start_timer(void) {
  s_result = MEMFAULT_METRIC_TIMER_START(bt2);
}

static void stop_timer(void) {
  s_result = MEMFAULT_METRIC_TIMER_STOP(bt2);
}

static void expect_value(const char *id, uint32_t value, uint32_t expected) {
  if (value != expected) {
    bench_fail("%s: the metric is %lu, not %lu", id, (unsigned long)value,
               (unsigned long)expected);
  }
}

static void run_operations(void) {
  count_success("set_unsigned", set_unsigned);
  count_success("set_signed", set_signed);
  count_success("set_string", set_string);
  count_success("metric_add", add);
  count_success("timer_start", start_timer);
  g_time_since_boot_ms = 2000;
  count_success("timer_stop", stop_timer);

  uint32_t value = 0;
  int32_t signed_value = 0;
  memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(bu9), &value);
  expect_value("set_unsigned", value, 9007);
  memfault_metrics_heartbeat_read_signed(MEMFAULT_METRICS_KEY(bs4), &signed_value);
  expect_value("set_signed", (uint32_t)signed_value, (uint32_t)-401);
  memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(bu0), &value);
  expect_value("metric_add", value, 7);
  memfault_metrics_heartbeat_timer_read(MEMFAULT_METRICS_KEY(bt2), &value);
  expect_value("timer_stop", value, 1000);

  memfault_metrics_heartbeat_debug_trigger();
  outlet_drain();
}

/* --- heartbeats --- */

static size_t s_worst_case_size;

static void collect(void) {
  memfault_metrics_heartbeat_collect();
}

static void trigger(void) {
  memfault_metrics_heartbeat_debug_trigger();
}

static void compute_worst_case_size(void) {
  s_worst_case_size = memfault_metrics_heartbeat_compute_worst_case_storage_size();
}

#define SET_UNSIGNED(i) MEMFAULT_METRIC_SET_UNSIGNED(bu##i, 1000u * (i) + 7u)
#define SET_SIGNED(i) MEMFAULT_METRIC_SET_SIGNED(bs##i, -(100 * (i) + 1))

static void set_all(void) {
  SET_UNSIGNED(0);
  SET_UNSIGNED(1);
  SET_UNSIGNED(2);
  SET_UNSIGNED(3);
  SET_UNSIGNED(4);
  SET_UNSIGNED(5);
  SET_UNSIGNED(6);
  SET_UNSIGNED(7);
  SET_UNSIGNED(8);
  SET_UNSIGNED(9);
  SET_SIGNED(0);
  SET_SIGNED(1);
  SET_SIGNED(2);
  SET_SIGNED(3);
  SET_SIGNED(4);
  MEMFAULT_METRIC_SET_STRING(bstr0, s_text);
  MEMFAULT_METRIC_SET_STRING(bstr1, s_short_text);
  MEMFAULT_METRIC_TIMER_START(bt0);
  MEMFAULT_METRIC_TIMER_START(bt1);
  MEMFAULT_METRIC_TIMER_START(bt2);
}

static void begin_heartbeat(void) {
  g_time_since_boot_ms = 10000;
  memfault_metrics_heartbeat_debug_trigger();
  outlet_drain();
  set_all();
  g_time_since_boot_ms = 70000;
}

static void end_heartbeat(void) {
  MEMFAULT_METRIC_TIMER_STOP(bt0);
  MEMFAULT_METRIC_TIMER_STOP(bt1);
  MEMFAULT_METRIC_TIMER_STOP(bt2);
}

static void run_heartbeats(void) {
  begin_heartbeat();
  bench_count("hb_collect_only", collect);
  bench_count("hb_worst_size", compute_worst_case_size);
  bench_report("worst_case_size heartbeat bytes=%lu", (unsigned long)s_worst_case_size);
  bench_count("heartbeat#1", trigger);
  outlet_drain_and_report("heartbeat#1");
  end_heartbeat();

  begin_heartbeat();
  bench_count("heartbeat#2", trigger);
  outlet_count_drain("drain_heartbeat_mtu64", 64);
  end_heartbeat();
}

int main(void) {
  bench_counter_start();
  bench_count_empty();
  run_boot();
  run_operations();
  run_heartbeats();
  bench_done();
  return 0;
}
