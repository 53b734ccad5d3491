/* What the options of logs, recordings, diagnostics and coredumps change, seen through the public
 * interface.
 *
 * Compiled and linked once per configuration by tests/config/run.py; prints one line "name value"
 * for each observation.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memfault/components.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/heap_stats_impl.h"
#include "memfault/core/log_impl.h"
#include "memfault/panics/coredump_impl.h"

/* The hooks that this firmware looks at; tests/stubs has the others */

static unsigned int s_raw_lines;

void memfault_platform_log_raw(const char *fmt, ...) {
  (void)fmt;
  s_raw_lines++;
}

static uint64_t s_clock_ms;

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return s_clock_ms;
}

static unsigned int s_locks;

void memfault_lock(void) {
  s_locks++;
}

void memfault_unlock(void) {}

static unsigned int s_restore_calls;

#if MEMFAULT_LOG_RESTORE_STATE
bool memfault_log_restore_state(sMfltLogSaveState *state) {
  (void)state;
  s_restore_calls++;
  return false;
}
#endif

#if MEMFAULT_TASK_WATCHDOG_ENABLE
static bool s_expired;

void memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *extra_info) {
  (void)pc;
  (void)lr;
  s_expired = extra_info->assert_reason == kMfltRebootReason_TaskWatchdog;
  printf("watchdog %s\n", s_expired ? "expired" : "wrong reason");
  fflush(stdout);
  _Exit(0); /* the last observation */
}
#endif

/* A build id: a note as the linker makes it */

const struct {
  uint32_t name_len, id_len, type;
  char owner[4];
  uint8_t id[20];
} first_build_id_note = { 4, 20, 3, "GNU", { 0xa0, 0xa1 } };

/* Storage of coredumps */

static uint8_t s_storage[8192];

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  info->size = sizeof(s_storage);
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  memcpy(data, s_storage + offset, read_len);
  return true;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  memcpy(s_storage + offset, data, data_len);
  return true;
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  memset(s_storage + offset, 0xFF, erase_size);
  return true;
}

void memfault_platform_coredump_storage_clear(void) {
  s_storage[0] = 0;
}

/* One observation each */

static void observe_logs(void) {
  static uint8_t buffer[256];
  memfault_log_boot(buffer, sizeof(buffer));
  printf("log_restores %u\n", s_restore_calls);
  memfault_log_save(kMemfaultPlatformLogLevel_Debug, "debug");
  memfault_log_save(kMemfaultPlatformLogLevel_Info, "information");
  static sMemfaultLog log;
  printf("log_read");
  while (memfault_log_read(&log)) {
    printf(" %s", log.msg);
  }
  printf("\n");

  memset(&log, 0, sizeof(log));
  log.type = kMemfaultLogRecordType_Compact;
  log.msg_len = MEMFAULT_LOG_MAX_LINE_SAVE_LEN < 25 ? MEMFAULT_LOG_MAX_LINE_SAVE_LEN : 25;
  memfault_log_export_log(&log);
  printf("export_lines %u\n", s_raw_lines);

#if MEMFAULT_LOG_DATA_SOURCE_ENABLED
  memfault_log_trigger_collection();
#endif
  uint8_t chunk[300];
  size_t len = sizeof(chunk);
  /* Chunk header, message type, map, key and value of the kind of event. */
  if (memfault_packetizer_get_chunk(chunk, &len)) {
    printf("log_event %u\n", chunk[4]);
  } else {
    printf("log_event -\n");
  }
}

#if MEMFAULT_CDR_ENABLE
static bool s_recorded = true;

static bool has_cdr(sMemfaultCdrMetadata *metadata) {
  *metadata = (sMemfaultCdrMetadata){ .collection_reason = "test", .data_size_bytes = 4 };
  return s_recorded;
}

static bool read_cdr(uint32_t offset, void *data, size_t data_len) {
  (void)offset;
  memset(data, 0, data_len);
  return true;
}

static void mark_cdr(void) {
  s_recorded = false;
}
#endif

static void observe_recordings(void) {
#if MEMFAULT_CDR_ENABLE
  static const sMemfaultCdrSourceImpl source = { has_cdr, read_cdr, mark_cdr };
  unsigned int registered = 0;
  while (registered < 100 && memfault_cdr_register_source(&source)) {
    registered++;
  }
  printf("cdr_sources %u\n", registered);
  uint8_t chunk[300];
  size_t len = sizeof(chunk);
  printf("cdr_sent %s\n", memfault_packetizer_get_chunk(chunk, &len) ? "yes" : "no");
#else
  printf("cdr_sources -\ncdr_sent -\n");
#endif
}

static void observe_heap(void) {
  static int block;
  s_locks = 0;
  memfault_heap_stats_malloc(NULL, &block, sizeof(block));
  printf("heap_locks %u\n", s_locks);
  printf("heap_blocks %u\n", (unsigned int)g_memfault_heap_stats.in_use_block_count);
}

static uint32_t word_at(size_t offset) {
  uint32_t word;
  memcpy(&word, s_storage + offset, sizeof(word));
  return word;
}

static void observe_coredump(void) {
  static const uint32_t registers[4] = { 1, 2, 3, 4 };
  static uint8_t memory[8];
  const sMfltCoredumpRegion region = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(memory, sizeof(memory));
  const sMemfaultCoredumpSaveInfo info = {
    .regs = registers,
    .regs_size = sizeof(registers),
    .trace_reason = kMfltRebootReason_Assert,
    .regions = &region,
    .num_regions = 1,
  };
  if (!memfault_coredump_save(&info)) {
    printf("blocks none\n");
    return;
  }
  uint32_t machine = 0;
  printf("blocks");
  for (size_t at = 12; at + 16 < word_at(8); at += 12 + word_at(at + 8)) {
    if (s_storage[at] == kMfltCoredumpRegionType_MachineType) {
      machine = word_at(at + 12);
    }
    if (s_storage[at] != kMfltCoredumpRegionType_PaddingRegion) {
      printf(" %u:%u", s_storage[at], (unsigned int)word_at(at + 8));
    }
  }
  printf("\nmachine %u\n", (unsigned int)machine);
}

static void observe_watchdog(void) {
#if MEMFAULT_TASK_WATCHDOG_ENABLE
  memfault_task_watchdog_init();
  MEMFAULT_TASK_WATCHDOG_START(pump);
  s_clock_ms += 500;
  memfault_task_watchdog_check_all();
  printf("watchdog in time\n");
#else
  printf("watchdog -\n");
#endif
}

int main(void) {
  observe_logs();
  observe_recordings();
  observe_heap();
  observe_coredump();
  observe_watchdog();
  return 0;
}
