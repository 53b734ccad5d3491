/* Load of the processor and stacks, as metrics. */
#include "check.h"
#include "fake_freertos.h"
#include "memfault/components.h"
#include "memfault/ports/freertos.h"
#include "memfault/ports/freertos/metrics.h"
#include "memfault/ports/freertos/thread_metrics.h"
#include "platform.h"

#define CORES FAKE_CORES

/* The metrics that the hook of the firmware sets, as a heartbeat would send them. */
void memfault_metrics_heartbeat_collect_data(void) {
  memfault_freertos_port_task_runtime_metrics();
}


static uint32_t read_metric(MemfaultMetricId key) {
  uint32_t value = 0xdead;
  CHECK_EQ(memfault_metrics_heartbeat_read_unsigned(key, &value), 0);
  return value;
}

static uint32_t load_after(uint64_t run_time, uint64_t idle_time) {
  g_fake.run_time += (configRUN_TIME_COUNTER_TYPE)run_time;
  g_fake.idle_time += (configRUN_TIME_COUNTER_TYPE)idle_time;
  memfault_freertos_port_task_runtime_metrics();
  return read_metric(MEMFAULT_METRICS_KEY(cpu_usage_pct));
}

static void test_load(void) {
  CHECK_EQ(load_after(1000, 250 * CORES), 7500);
  CHECK_EQ(load_after(1000, 1000 * CORES), 0);
  CHECK_EQ(load_after(1000, 0), 10000);
  CHECK_EQ(load_after(3, 1 * CORES), 6667); /* rounded up, as the idle part is rounded down */
  CHECK_EQ(load_after(100, 101 * CORES), 0); /* never below 0 */

  /* No time has passed: the metric stays. */
  CHECK_EQ(load_after(10, 4 * CORES), 6000);
  CHECK_EQ(load_after(0, 0), 6000);

  /* Over the end of the counters. */
  const configRUN_TIME_COUNTER_TYPE max = (configRUN_TIME_COUNTER_TYPE)-1;
  CHECK_EQ(load_after(max - g_fake.run_time, max - g_fake.idle_time) <= 10000, 1);
  CHECK_EQ(load_after(4000, 1000 * CORES), 7500);
  /* Half of the largest number; with 64 bits the last digit may be off. */
  const uint32_t half = load_after(max / 4 * 2 / CORES, max / 4);
  CHECK(half == 5000 || (sizeof(max) == 8 && half == 5001));
}

#if CORES == 1
/* 128 bits show what exact arithmetic says. */
static void test_load_exactly(void) {
  const uint64_t max = (configRUN_TIME_COUNTER_TYPE)-1;
  for (int i = 0; i < 500; i++) {
    uint64_t total = ((uint64_t)check_random(0xffffffffu) << 32 | check_random(0xffffffffu)) & max;
    total >>= check_random(31);
    total += (total == 0);
    uint64_t idle = total / 1000 * check_random(1001);
    const uint32_t got = load_after(total, idle);
    const uint32_t wanted = (uint32_t)(10000 - (unsigned __int128)idle * 10000 / total);
    CHECK(got == wanted || got == wanted + 1 || got + 1 == wanted);
    CHECK(total > UINT64_MAX / 10000 || got == wanted);
  }
}
#endif

static TaskHandle_t s_radio;
static TaskHandle_t radio_task(void) {
  return s_radio;
}

#if FIRMWARE_HAS_LIST
MEMFAULT_METRICS_DEFINE_THREAD_METRICS(
  {
    .thread_name = "radio",
    .get_task_handle = radio_task,
    .stack_usage_metric_key = MEMFAULT_METRICS_KEY(memory_radio_pct_max),
  },
  {
    .thread_name = "Tmr Svc",
    .stack_usage_metric_key = MEMFAULT_METRICS_KEY(memory_tmr_svc_pct_max),
  });
#endif

static void check_not_set(MemfaultMetricId key) {
  uint32_t value;
  CHECK(memfault_metrics_heartbeat_read_unsigned(key, &value) != 0);
}

static void test_stacks(void) {
  fake_create_task("IDLE", 64, 16, 16);
  fake_create_task("radio", 1000, 1, 1);
  memfault_freertos_port_task_runtime_metrics();
  CHECK_EQ(read_metric(MEMFAULT_METRICS_KEY(timer_task_stack_free_bytes)),
           180 * sizeof(StackType_t));
#if FAKE_RECORD_STACK_HIGH_ADDRESS
  CHECK_EQ(read_metric(MEMFAULT_METRICS_KEY(memory_tmr_svc_pct_max)), 1000);
  #if FIRMWARE_HAS_LIST
  CHECK_EQ(read_metric(MEMFAULT_METRICS_KEY(memory_radio_pct_max)), 10); /* by its name */
  /* 1.2 MB of stack: the product does not fit into 32 bits. */
  s_radio = fake_create_task("other", 300000, 200000, 10);
  memfault_freertos_port_thread_metrics();
  CHECK_EQ(read_metric(MEMFAULT_METRICS_KEY(memory_radio_pct_max)), 6666); /* by its handle */
  s_radio->pxDummy8 = s_radio->pxDummy6; /* one word of which 100000 are unused */
  memfault_freertos_port_thread_metrics();
  CHECK_EQ(read_metric(MEMFAULT_METRICS_KEY(memory_radio_pct_max)), 6666);
  check_not_set(MEMFAULT_METRICS_KEY(memory_idle_pct_max));
  #else
  CHECK_EQ(read_metric(MEMFAULT_METRICS_KEY(memory_idle_pct_max)), 2500);
  check_not_set(MEMFAULT_METRICS_KEY(memory_radio_pct_max));
  (void)radio_task;
  #endif
#else
  check_not_set(MEMFAULT_METRICS_KEY(memory_tmr_svc_pct_max));
  check_not_set(MEMFAULT_METRICS_KEY(memory_idle_pct_max));
  (void)radio_task;
#endif
}

int main(void) {
  static uint8_t s_events[512];
  memfault_freertos_port_boot();
  fake_create_task("Tmr Svc", 200, 20, 20);
  const sMemfaultEventStorageImpl *const storage =
    memfault_events_storage_boot(s_events, sizeof(s_events));
  const sMemfaultMetricBootInfo boot_info = { .unexpected_reboot_count = 0 };
  CHECK_EQ(memfault_metrics_boot(storage, &boot_info), 0);
  CHECK_EQ(g_fake.timer->fake_period, 60 * FAKE_TICK_RATE_HZ);
  check_not_set(MEMFAULT_METRICS_KEY(cpu_usage_pct));
  test_load();
#if CORES == 1
  test_load_exactly();
#endif
  test_stacks();

  /* The timer makes a heartbeat, for which the hook sets the metrics. */
  const size_t used = memfault_event_storage_bytes_used();
  g_fake.timer->fake_callback(g_fake.timer);
  CHECK(memfault_event_storage_bytes_used() > used);
  CHECK_EQ(g_fake.mutex->fake_depth, 0);
  check_finish();
}
