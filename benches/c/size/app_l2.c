/*
 * Level 2: reboot tracking, event storage, trace events, the packetizer and, in the rows that have
 * it, the metrics component: a metric is set all the time and a heartbeat made now and then. Level
 * 3 adds to it what is in app_l3.c.
 */
#include "app.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/trace_event.h"
#include "memfault/metrics/metrics.h"

__attribute__((aligned(8))) uint8_t g_event_storage[1024];
__attribute__((aligned(8))) uint8_t g_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

void app_boot(void) {
#if BENCH_WITH_SDK
  const sResetBootupInfo bootup_info = {
    .reset_reason_reg = g_tick,
    .reset_reason = kMfltRebootReason_PowerOnReset,
  };
  memfault_reboot_tracking_boot(g_reboot_region, &bootup_info);
  const sMemfaultEventStorageImpl *storage =
    memfault_events_storage_boot(g_event_storage, sizeof(g_event_storage));
  memfault_trace_event_boot(storage);
  memfault_reboot_tracking_collect_reset_info(storage);
#if BENCH_WITH_METRICS
  const sMemfaultMetricBootInfo metric_boot_info = {
    .unexpected_reboot_count = (uint32_t)memfault_reboot_tracking_get_crash_count(),
  };
  memfault_metrics_boot(storage, &metric_boot_info);
#endif
#endif
#if BENCH_WITH_PANICS
  app_check_coredump_storage();
#endif
}

int main(void) {
  app_boot();
  for (;;) {
    g_tick++;
#if BENCH_WITH_SDK
    MEMFAULT_TRACE_EVENT(bench_reason);
#if BENCH_WITH_METRICS
    /* One that the SDK has, so that the app is the same with and without metrics of the user's. */
    MEMFAULT_METRIC_SET_UNSIGNED(operational_hours, g_tick);
#endif
    if (g_tick % 16 == 0) {
      memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_UserReset, NULL);
#if BENCH_WITH_METRICS
      memfault_metrics_heartbeat_debug_trigger();
#endif
    }
#endif
#if BENCH_WITH_PANICS
    app_assert_tick();
#endif
#if BENCH_WITH_API_TABLE
    app_read_api_table();
#endif
    app_drain();
  }
}
