/* The hooks of this firmware: those of the self test, the time, and what a coredump may read. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/system_time.h"
#include "memfault/core/self_test.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/timer.h"
#include "memfault/panics/platform/coredump.h"

void memfault_self_test_platform_delay(uint32_t delay_ms) {
  const uint32_t start_ms = board_uptime_ms();
  while (board_uptime_ms() - start_ms < delay_ms) {
    board_wait_for_interrupt();
  }
}

bool memfault_self_test_platform_disable_irqs(void) {
  __asm volatile("cpsid i" ::: "memory");
  return true;
}

bool memfault_self_test_platform_enable_irqs(void) {
  __asm volatile("cpsie i" ::: "memory");
  return true;
}

/* A product asks its clock chip. Here it is noon of a Wednesday whenever the device boots. */
bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  *time = (sMemfaultCurrentTime){
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = { .unix_timestamp_secs = 1764158400u + board_uptime_ms() / 1000u },
  };
  return true;
}

/* No timer: the command "heartbeat" makes heartbeats. */
bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  return true;
}

/* From sections.ld. */
extern char board_ram_start[], board_ram_end[];

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  const uintptr_t start = (uintptr_t)start_addr;
  const uintptr_t ram_start = (uintptr_t)board_ram_start;
  const uintptr_t ram_end = (uintptr_t)board_ram_end;
  return (start >= ram_start && start < ram_end) ? MEMFAULT_MIN(desired_size, ram_end - start) : 0;
}
