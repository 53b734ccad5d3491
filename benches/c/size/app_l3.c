/*
 * Level 3, on top of level 2: the fault handlers of the SDK in the vector table, coredumps in RAM
 * that no start-up code clears (the SDK's RAM-backed port), its size check, and an assert.
 */
#include "app.h"
#include "memfault/core/platform/core.h"
#include "memfault/panics/assert.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/platform/coredump.h"

volatile uint32_t g_reboots;
volatile bool g_storage_is_large_enough;

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  const uintptr_t start = (uintptr_t)start_addr;
  return (start >= 0x20000000u && start < 0x20020000u) ? desired_size : 0;
}

void memfault_platform_reboot(void) {
  g_reboots++;
  for (;;) {
  }
}

void app_check_coredump_storage(void) {
#if BENCH_WITH_SDK
  g_storage_is_large_enough = memfault_coredump_storage_check_size();
#endif
}

void app_assert_tick(void) {
#if BENCH_WITH_SDK
  MEMFAULT_ASSERT(g_tick != UINT32_MAX);
#endif
}
