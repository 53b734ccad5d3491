/*
 * Stack rows of storing and reading log lines, of draining them, and of the SDK's own messages,
 * which are stored as lines too (depth.h).
 *
 * Run by `cargo xtask bench stack`, with text logs, with compact ones and without run-length
 * encoding; prints `stack <id> <bytes>`. That lines were stored is checked here.
 */
#if defined(MEMFAULT_COMPACT_LOG_ENABLE) && MEMFAULT_COMPACT_LOG_ENABLE
/* The macros of compact logs are not C99; this program does without. */
#undef MEMFAULT_COMPACT_LOG_ENABLE
#define MEMFAULT_COMPACT_LOG_ENABLE 0
#define BENCH_COMPACT_LOGS
#endif

#include "depth.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/log.h"
#include "report.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define FORMAT "sensor %d read %u cnt err=%s t=%u"

__attribute__((aligned(8))) static uint8_t s_storage[4096];

/* Runs an operation that stores `lines` lines. */
static void run(const char *id, void (*fn)(void), uint32_t lines) {
  const uint32_t before = memfault_log_get_recorded_count();
  const uint32_t depth = depth_of(fn);
  const uint32_t recorded = memfault_log_get_recorded_count() - before;
  if (recorded != lines) {
    bench_fail("%s: %lu lines recorded instead of %lu", id, (unsigned long)recorded,
               (unsigned long)lines);
  }
  bench_report("stack %s %lu", id, (unsigned long)depth);
}

#if defined(BENCH_COMPACT_LOGS)

/* What MEMFAULT_COMPACT_LOG_SAVE() expands to. */
void memfault_compact_log_save(eMemfaultPlatformLogLevel level, uint32_t log_id,
                               uint32_t compressed_fmt, ...);

static void save_compact(void) {
  MEMFAULT_PUT_IN_SECTION("log_fmt") static const char format[] = "4;logs.c;1;" FORMAT;
  NOTE_CALL_SP();
  memfault_compact_log_save(kMemfaultPlatformLogLevel_Info, (uint32_t)(uintptr_t)format, 0x10c, 7,
                            12345u, "none", 98765u);
}

static void run_all(void) {
  run("log_save_compact", save_compact, 1);
}

#else

#define LINES_TO_FILL 200
/* Lines of 40 bytes, with two bytes of their own each, in 4096. */
#define LINES_HELD 97

static const char s_text[] = "sensor 7 read 12345 cnt err=none t=98765";
__attribute__((aligned(8))) static uint8_t s_chunk[1504];
static size_t s_chunk_len;
static bool s_result;
static sMemfaultLog s_log;

/* --- lines --- */

static void save_formatted(void) {
  NOTE_CALL_SP();
  memfault_log_save(kMemfaultPlatformLogLevel_Info, FORMAT, 7, 12345u, "none", 98765u);
}

static void save_preformatted(void) {
  NOTE_CALL_SP();
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Info, s_text, sizeof(s_text) - 1);
}

static void read_line(void) {
  NOTE_CALL_SP();
  s_result = memfault_log_read(&s_log);
}

static void run_lines(void) {
  run("log_save", save_formatted, 1);
  run("log_save_preformatted", save_preformatted, 1);
  run("log_read", read_line, 0);
  if (!s_result || strcmp(s_log.msg, s_text) != 0) {
    bench_fail("log_read: \"%s\"", s_log.msg);
  }
}

/* --- packetizer --- */

static bool s_is_pending;
static bool s_is_readable;

static bool has_more_msgs(size_t *next_msg_size) {
  *next_msg_size = 100;
  return s_is_pending;
}

static bool read_msg(uint32_t offset, void *buf, size_t buf_len) {
  (void)offset;
  memset(buf, 0x5a, buf_len);
  return s_is_readable;
}

static void mark_msg_read(void) {
  s_is_pending = false;
}

const sMemfaultDataSourceImpl g_memfault_coredump_data_source = {
  .has_more_msgs_cb = has_more_msgs,
  .read_msg_cb = read_msg,
  .mark_msg_read_cb = mark_msg_read,
};

static void drain(void) {
  do {
    s_chunk_len = 244;
    NOTE_CALL_SP();
    s_result = memfault_packetizer_get_chunk(s_chunk, &s_chunk_len);
  } while (s_result);
}

static void get_chunk(void) {
  NOTE_CALL_SP();
  s_result = memfault_packetizer_get_chunk(s_chunk, &s_chunk_len);
}

static void run_packetizer(void) {
  for (int line = 0; line < LINES_TO_FILL; line++) {
    save_preformatted();
  }
  if (memfault_log_get_unsent_count().num_logs != LINES_HELD) {
    bench_fail("%lu lines to send", (unsigned long)memfault_log_get_unsent_count().num_logs);
  }
  memfault_log_trigger_collection();
  run("get_chunk_logs", drain, 0);
  if (memfault_log_get_unsent_count().num_logs != 0) {
    bench_fail("get_chunk_logs: lines are left");
  }

  s_is_pending = true;
  s_is_readable = true;
  s_chunk_len = 5;
  run("get_chunk_too_small", get_chunk, 2); /* get_next and get_chunk have one each */
  memfault_packetizer_abort();

#if !MEMFAULT_DATA_SOURCE_RLE_ENABLED
  s_is_readable = false;
  s_is_pending = true;
  s_chunk_len = 244;
  run("get_chunk_read_fails", get_chunk, 1);
#endif
}

static void run_all(void) {
  run_lines();
  run_packetizer();
}

#endif

int main(void) {
  if (!memfault_log_boot(s_storage, sizeof(s_storage))) {
    bench_fail("memfault_log_boot failed");
  }
  run_all();
  bench_done();
  return 0;
}
