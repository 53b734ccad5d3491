/* Firmware around abi_check.c: runs its checks, looks at every address that it keeps, and uses the
 * library where the layout of a structure or the choice of a weak function depends on target and
 * options. Prints one line for firmware.py.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "memfault/components.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/heap_stats_impl.h"
#include "memfault/demo/shell_commands.h"
#include "memfault/panics/coredump_impl.h"

unsigned abi_check_run(void);

/* The addresses of everything that the library defines; from the linker, see gather.ld. */
extern const uintptr_t __start_abi_references[], __stop_abi_references[];

static unsigned s_checks;
static unsigned s_failed;

static void print(const char *fmt, ...) {
  char line[128];
  va_list args;
  va_start(args, fmt);
  vsnprintf(line, sizeof(line), fmt, args);
  va_end(args);
  for (const char *c = line; *c != '\0'; c++) {
    board_uart_putc(*c);
  }
}

static void check(bool holds, const char *what) {
  s_checks++;
  if (!holds) {
    s_failed++;
    print("FAIL %s\n", what);
  }
}
#define CHECK(condition) check((condition), #condition)

/* Strong definitions of names that the library has weak */

static unsigned s_locked, s_unlocked;

void memfault_lock(void) {
  s_locked++;
}

void memfault_unlock(void) {
  s_unlocked++;
}

#define NOW 1700000000u

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  *time = (sMemfaultCurrentTime){
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = { .unix_timestamp_secs = NOW },
  };
  return true;
}

/* One part of the library each */

static void drain(void) {
  uint8_t chunk[64];
  size_t len = sizeof(chunk);
  unsigned chunks = 0;
  while (chunks < 100 && memfault_packetizer_get_chunk(chunk, &len)) {
    chunks++;
    len = sizeof(chunk);
  }
  CHECK(chunks > 0 && chunks < 100);
}

static const sMemfaultEventStorageImpl *run_events(void) {
  static uint8_t s_storage[512];
  const sMemfaultEventStorageImpl *storage =
    memfault_events_storage_boot(s_storage, sizeof(s_storage));
  CHECK(storage != NULL && memfault_trace_event_boot(storage) == 0);
  MEMFAULT_TRACE_EVENT(Unknown);
  MEMFAULT_TRACE_EVENT_WITH_LOG(Unknown, "level %d", 3);
  CHECK(memfault_event_storage_bytes_used() > 0);
  CHECK(s_locked > 0 && s_locked == s_unlocked);
#if MEMFAULT_EVENT_STORAGE_RESTORE_STATE
  const sMfltEventStorageSaveState state = memfault_event_storage_get_state();
  CHECK(state.context_len == MEMFAULT_EVENT_STORAGE_STATE_SIZE_BYTES);
  CHECK(state.storage == s_storage && state.storage_len == sizeof(s_storage));
#endif
  return storage;
}

static void run_logs(void) {
  static uint8_t s_storage[256];
  CHECK(memfault_log_boot(s_storage, sizeof(s_storage)));
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Error, "line %d", 42);

  struct {
    sMemfaultLog log;
    uint8_t behind[8];
  } line;
  memset(&line, 0xA5, sizeof(line));
  CHECK(memfault_log_read(&line.log));
  CHECK(line.log.level == kMemfaultPlatformLogLevel_Error);
#if MEMFAULT_COMPACT_LOG_ENABLE
  /* An array of the place of the format string and the number. */
  CHECK(line.log.type == kMemfaultLogRecordType_Compact);
  CHECK(((uint8_t)line.log.msg[0] & 0xE0) == 0x80);
#else
  CHECK(line.log.type == kMemfaultLogRecordType_Preformatted);
  CHECK(line.log.msg_len == strlen("line 42") && strcmp(line.log.msg, "line 42") == 0);
#endif
#if MEMFAULT_LOG_TIMESTAMPS_ENABLE
  CHECK(line.log.timestamp == NOW);
#endif
  for (size_t i = 0; i < sizeof(line.behind); i++) {
    CHECK(line.behind[i] == 0xA5);
  }
#if MEMFAULT_LOG_RESTORE_STATE
  CHECK(memfault_log_get_state().context_len == MEMFAULT_LOG_STATE_SIZE_BYTES);
#endif
#if MEMFAULT_LOG_DATA_SOURCE_ENABLED
  memfault_log_trigger_collection();
  CHECK(memfault_log_get_unsent_count().num_logs == 1);
#endif
}

static void run_reboot_tracking(void) {
  static uint8_t s_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  const sResetBootupInfo info = { .reset_reason_reg = 5,
                                  .reset_reason = kMfltRebootReason_BrownOutReset };
  memfault_reboot_tracking_boot(s_region, &info);
  struct {
    sMfltRebootReason reason;
    uint8_t behind[4];
  } read;
  memset(&read, 0xA5, sizeof(read));
  CHECK(memfault_reboot_tracking_get_reboot_reason(&read.reason) == 0);
  CHECK(read.reason.reboot_reg_reason == kMfltRebootReason_BrownOutReset);
  CHECK(read.reason.prior_stored_reason == kMfltRebootReason_BrownOutReset);
  CHECK(read.behind[0] == 0xA5 && read.behind[3] == 0xA5);
}

static void run_metrics(const sMemfaultEventStorageImpl *storage) {
  const sMemfaultMetricBootInfo info = { .unexpected_reboot_count = 2 };
  CHECK(memfault_metrics_boot(storage, &info) == 0);
  uint32_t value = 0;
  CHECK(memfault_metrics_heartbeat_set_unsigned(MEMFAULT_METRICS_KEY(operational_hours), 7) == 0);
  CHECK(memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(operational_hours), &value) ==
        0);
  CHECK(value == 7);
#if MEMFAULT_METRICS_RESTORE_STATE
  CHECK(memfault_metrics_get_state() != NULL);
#endif
}

static void run_diagnostics(void) {
  int block;
  memfault_heap_stats_malloc((const void *)(uintptr_t)0x1234, &block, 24);
  CHECK(g_memfault_heap_stats.in_use_block_count == 1);
  const uint16_t head = g_memfault_heap_stats.stats_pool_head;
  const sMfltHeapStatEntry *entry = &g_memfault_heap_stats_pool[head];
  CHECK(entry->ptr == &block && entry->info.size == 24 && entry->info.in_use == 1);
  CHECK(entry->info.next_entry_index == MEMFAULT_HEAP_STATS_LIST_END);
}

static unsigned s_bytes_read;

static bool has_recording(sMemfaultCdrMetadata *metadata) {
  static const char *s_types[] = { MEMFAULT_CDR_TEXT };
  metadata->mimetypes = s_types;
  metadata->num_mimetypes = 1;
  metadata->data_size_bytes = 5;
  metadata->collection_reason = "abi";
  return s_bytes_read == 0;
}

static bool read_recording(uint32_t offset, void *data, size_t len) {
  memset(data, 'a' + (int)offset, len);
  s_bytes_read += (unsigned)len;
  return true;
}

static void drop_recording(void) {}

static void run_recordings(void) {
  static const sMemfaultCdrSourceImpl s_source = { has_recording, read_recording, drop_recording };
  CHECK(memfault_cdr_register_source(&s_source) == (MEMFAULT_CDR_ENABLE != 0));
}

static void run_tables(void) {
  CHECK(g_memfault_num_shell_commands > 10);
  for (size_t i = 0; i < g_memfault_num_shell_commands; i++) {
    const sMemfaultShellCommand *command = &g_memfault_shell_commands[i];
    CHECK(command->command != NULL && command->handler != NULL && command->help != NULL);
  }
  size_t count = 0;
  const sMfltCoredumpRegion *regions = memfault_coredump_get_arch_regions(&count);
  CHECK((count > 0) == (MEMFAULT_COMPILER_ARM_CORTEX_M != 0));
  for (size_t i = 0; i < count; i++) {
    CHECK(regions[i].region_start != NULL && regions[i].region_size % 4 == 0);
  }
}

int main(void) {
  board_init();
  unsigned nulls = 0;
  const size_t references = (size_t)(__stop_abi_references - __start_abi_references);
  for (size_t i = 0; i < references; i++) {
    nulls += __start_abi_references[i] == 0;
  }
  const unsigned mismatches = abi_check_run();

  const sMemfaultEventStorageImpl *storage = run_events();
  run_logs();
  run_reboot_tracking();
  run_metrics(storage);
  run_diagnostics();
  run_recordings();
  run_tables();
  drain();
#if MEMFAULT_CDR_ENABLE
  CHECK(s_bytes_read == 5);
#endif
  CHECK(s_locked == s_unlocked);

  print("%u references, %u null, %u mismatches, %u checks, %u failed\n", (unsigned)references,
        nulls, mismatches, s_checks, s_failed);
  return (nulls == 0 && mismatches == 0 && s_failed == 0) ? 0 : 1;
}
