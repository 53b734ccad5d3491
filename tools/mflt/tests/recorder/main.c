/*
 * A data recorder whose radio task hangs: the device of the tests of `mflt` for logs, recordings,
 * and what a coredump holds besides stacks. The first boot sends its logs (as a message, and as
 * "ML:" lines) and a recording, and then the task watchdog finds the hang; the second boot sends
 * the coredump.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "board_faults.h"
#include "example.h"
#include "memfault/core/custom_data_recording.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/heap_stats.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/system_time.h"
#include "memfault/core/task_watchdog.h"
#include "memfault/panics/platform/coredump.h"

#define NEVER_INLINE __attribute__((noinline))

const char g_example_name[] = "recorder";

/* So small that the log of the second half overwrites that of the first. */
static uint8_t s_log[256];
static uint8_t s_heap[512];
static size_t s_heap_used;

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  *time = (sMemfaultCurrentTime){
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = { .unix_timestamp_secs = 1760000000u + board_uptime_ms() / 1000u },
  };
  return true;
}

/* An allocator that never gives anything back: only its statistics are looked at. */
NEVER_INLINE static void *take(size_t size) {
  void *const block = &s_heap[s_heap_used];
  s_heap_used += (size + 7u) & ~(size_t)7u;
  MEMFAULT_HEAP_STATS_MALLOC(block, size);
  return block;
}

NEVER_INLINE static void give_back(void *block) {
  MEMFAULT_HEAP_STATS_FREE(block);
}

/* A recording: 300 bytes of samples that count up. */
static const char *s_mimetypes[] = { "application/gzip", MEMFAULT_CDR_CSV };
static bool s_recorded;

static bool has_recording(sMemfaultCdrMetadata *metadata) {
  if (!s_recorded) {
    return false;
  }
  *metadata = (sMemfaultCdrMetadata){
    .start_time = { .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
                    .info = { .unix_timestamp_secs = 1760000100u } },
    .mimetypes = s_mimetypes,
    .num_mimetypes = 2,
    .data_size_bytes = 300,
    .duration_ms = 70000,
    .collection_reason = "vibration",
  };
  return true;
}

static bool read_recording(uint32_t offset, void *data, size_t data_len) {
  uint8_t *const bytes = data;
  for (size_t i = 0; i < data_len; i++) {
    bytes[i] = (uint8_t)(offset + i);
  }
  return true;
}

static void drop_recording(void) {
  s_recorded = false;
}

static const sMemfaultCdrSourceImpl s_recording_source = {
  .has_cdr_cb = has_recording,
  .read_data_cb = read_recording,
  .mark_cdr_read_cb = drop_recording,
};

static void drain(void) {
  static uint8_t s_packet[244];
  size_t len = sizeof(s_packet);
  while (memfault_packetizer_get_chunk(s_packet, &len)) {
    user_transport_send_chunk_data(s_packet, len);
    len = sizeof(s_packet);
  }
}

static void write_log(void) {
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Info, "boot ok", 7);
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Warning, "water %d ml, %s", 250, "low");
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Debug, "not kept: %d", 1);
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Error, "big %lld f %f u %u", -5000000000LL, 0.5,
                    4000000000u);
  /* Longer than a line of the export, which has 80 bytes. */
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "%s and %s",
                    "a text of fifty characters, which is half a line..",
                    "another text that takes it over the end of it");
}

NEVER_INLINE static void hang(void) {
  MEMFAULT_TASK_WATCHDOG_START(sensor);
  MEMFAULT_TASK_WATCHDOG_START(radio);
  MEMFAULT_TASK_WATCHDOG_START(display);
  MEMFAULT_TASK_WATCHDOG_STOP(display);
  for (int i = 0; i < 40; i++) {
    /* The radio does not answer, the sensor does. */
    for (int ms = 0; ms < 5; ms++) {
      board_wait_for_interrupt();
    }
    MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "waiting for the radio, round %d", i);
    MEMFAULT_TASK_WATCHDOG_FEED(sensor);
    memfault_task_watchdog_check_all();
  }
}

int main(void) {
  board_init();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)board_boot_count(), g_example_name);
  if (memfault_platform_boot() != 0 || !memfault_log_boot(s_log, sizeof(s_log)) ||
      !memfault_cdr_register_source(&s_recording_source)) {
    return 1;
  }
  if (board_boot_count() > 1) {
    drain();
    return 0;
  }
  write_log();
  memfault_log_trigger_collection();
  s_recorded = true;
  drain();
  memfault_log_export_logs();

  void *const first = take(100);
  void *const second = take(24);
  take(60);
  give_back(second);
  take(7);
  (void)first;
  hang();
  return 2;
}
