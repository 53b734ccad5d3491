/*
 * Level 2 as far as this release goes: reboot tracking, event storage, trace events and the
 * packetizer. The baseline's level 2 also boots the metrics component, sets a metric and triggers
 * heartbeats.
 */
#include "app.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/trace_event.h"

__attribute__((aligned(8))) uint8_t g_event_storage[1024];
__attribute__((aligned(8))) uint8_t g_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
volatile uint32_t g_tick;

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
#endif
}

int main(void) {
  app_boot();
  for (;;) {
    g_tick++;
#if BENCH_WITH_SDK
    MEMFAULT_TRACE_EVENT(bench_reason);
    if (g_tick % 16 == 0) {
      memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_UserReset, NULL);
    }
#endif
    app_drain();
  }
}
