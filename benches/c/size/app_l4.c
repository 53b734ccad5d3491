/*
 * Level 4, on top of level 3: the log buffer is started, a line stored now and then, and all lines
 * sent.
 */
#define app_check_coredump_storage app_l3_check_coredump_storage
#define app_assert_tick app_l3_assert_tick
void app_check_coredump_storage(void);
void app_assert_tick(void);
#include "app_l3.c"
#undef app_check_coredump_storage
#undef app_assert_tick

#include "memfault/core/log.h"

__attribute__((aligned(8))) uint8_t g_log_storage[512];

void app_check_coredump_storage(void) {
  app_l3_check_coredump_storage();
#if BENCH_WITH_SDK
  memfault_log_boot(g_log_storage, sizeof(g_log_storage));
#endif
}

void app_assert_tick(void) {
  app_l3_assert_tick();
#if BENCH_WITH_SDK
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "tick %d", (int)g_tick);
  memfault_log_trigger_collection();
#endif
}
