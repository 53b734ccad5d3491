/*
 * Stack rows of the metrics component, with the 20 metrics of the user's (metrics/bench_metrics.def).
 *
 * Run by `cargo xtask bench stack`; prints `stack <id> <bytes>`.
 */
#include "depth.h"
#include "hooks.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/metrics/metrics.h"
#include "report.h"

__attribute__((aligned(8))) static uint8_t s_event_storage[2048];
__attribute__((aligned(8))) static uint8_t s_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
static const sMemfaultEventStorageImpl *s_storage;
static int s_boot_result;

static void boot(void) {
  const sMemfaultMetricBootInfo boot_info = { .unexpected_reboot_count = 1 };
  NOTE_CALL_SP();
  s_boot_result = memfault_metrics_boot(s_storage, &boot_info);
}

static void collect(void) {
  NOTE_CALL_SP();
  memfault_metrics_heartbeat_collect();
}

static void trigger(void) {
  NOTE_CALL_SP();
  memfault_metrics_heartbeat_debug_trigger();
}

static void run(const char *id, void (*fn)(void)) {
  bench_report("stack %s %lu", id, (unsigned long)depth_of(fn));
}

int main(void) {
  const sResetBootupInfo power_on = {
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_PowerOnReset,
  };
  g_time_since_boot_ms = 1000;
  s_storage = memfault_events_storage_boot(s_event_storage, sizeof(s_event_storage));
  memfault_reboot_tracking_boot(s_reboot_region, &power_on);
  run("metrics_boot", boot);
  if (s_boot_result != 0) {
    bench_fail("memfault_metrics_boot returned %d", s_boot_result);
  }
  g_time_since_boot_ms = 70000;
  run("heartbeat_collect", collect);
  run("heartbeat_trigger", trigger);
  if (memfault_event_storage_bytes_used() == 0) {
    bench_fail("no heartbeat was stored");
  }
  bench_done();
  return 0;
}
