#include "demo_platform.h"

#include <string.h>

#include "../../include/private/memfault_reboot_tracking_private.h"
#include "check.h"
#include "coredump_storage.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/self_test.h"
#include "memfault/core/trace_event.h"
#include "memfault/demo/cli.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/timer.h"
#include "memfault/panics/assert.h"

demo_platform_t g_demo = {
  .clock_ms = 10,
  .num_regions = 2,
  .delay_works = true,
  .irqs_go_off = true,
  .irqs_go_on = true,
};

/* The linker sends all calls here (-Wl,--wrap). */
void __wrap_memfault_platform_reboot(void);
void __wrap_memfault_platform_reboot(void) {
  transcript_note("<reboot>");
  longjmp(g_demo.way_out, 1);
}

void __wrap_memfault_fault_handling_assert(void *pc, void *lr);
void __wrap_memfault_fault_handling_assert(void *pc, void *lr) {
  (void)pc;
  (void)lr;
  transcript_note("<assert>");
  longjmp(g_demo.way_out, 1);
}

void __wrap_memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *info);
void __wrap_memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *info) {
  (void)pc;
  (void)lr;
  transcript_note("<assert %d, reason 0x%x>", (int)info->extra, (unsigned)info->assert_reason);
  longjmp(g_demo.way_out, 1);
}

uint64_t __wrap_memfault_platform_get_time_since_boot_ms(void);
uint64_t __wrap_memfault_platform_get_time_since_boot_ms(void) {
  return g_demo.clock_ms;
}

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  if (g_demo.has_time) {
    *time = g_demo.time;
  }
  return g_demo.has_time;
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  return true;
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  CHECK(crash_info->stack_address != NULL);
  *num_regions = g_demo.num_regions;
  return g_demo.no_list ? NULL : g_demo.regions;
}

int memfault_software_watchdog_enable(void);
int memfault_software_watchdog_enable(void) {
  transcript_note("<enable>");
  return g_demo.watchdog_rv;
}

int memfault_software_watchdog_disable(void);
int memfault_software_watchdog_disable(void) {
  transcript_note("<disable>");
  return g_demo.watchdog_rv;
}

int memfault_software_watchdog_update_timeout(uint32_t timeout_ms);
int memfault_software_watchdog_update_timeout(uint32_t timeout_ms) {
  transcript_note("<update %u>", (unsigned)timeout_ms);
  return g_demo.watchdog_rv;
}

void memfault_self_test_platform_delay(uint32_t delay_ms) {
  g_demo.clock_ms += g_demo.delay_works ? delay_ms : 0;
}

bool memfault_self_test_platform_disable_irqs(void) {
  return g_demo.irqs_go_off;
}

bool memfault_self_test_platform_enable_irqs(void) {
  return g_demo.irqs_go_on;
}

void __wrap_user_transport_send_chunk_data(void *chunk_data, size_t chunk_data_len);
void __wrap_user_transport_send_chunk_data(void *chunk_data, size_t chunk_data_len) {
  CHECK(chunk_data != NULL && chunk_data_len >= 4 && chunk_data_len <= 64);
  g_demo.chunks++;
}

void demo_begin(void) {
  static uint32_t s_memory[8];
  g_demo.regions[0] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(s_memory, sizeof(s_memory));
  g_demo.regions[1] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(&s_memory[4], 4);
  storage_reset(STORAGE_MAX);
  transcript_boot();
}

void demo_boot(void) {
  static uint8_t s_events[512];
  static uint8_t s_logs[512];
  g_demo.clock_ms = 0;
  demo_restart();
  memfault_log_boot(s_logs, sizeof(s_logs));
  const sMemfaultEventStorageImpl *storage =
    memfault_events_storage_boot(s_events, sizeof(s_events));
  CHECK_EQ(memfault_trace_event_boot(storage), 0);
  CHECK_EQ(memfault_metrics_boot(storage, &(sMemfaultMetricBootInfo){ 0 }), 0);
  g_demo.clock_ms = 10;
}

void demo_restart(void) {
  memfault_reboot_tracking_boot(g_demo.reboot_tracking, NULL);
  memfault_reboot_tracking_clear_reset_info(); /* the first mark after this one counts */
}
