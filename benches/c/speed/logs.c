/*
 * Log rows: what it costs to store a line, to read it, to make a message of all lines, and to drain
 * that.
 *
 * Run by `cargo xtask bench speed`, once with text logs and once with compact ones; prints a count
 * per operation. What is stored, read and sent is checked here.
 */
#if defined(MEMFAULT_COMPACT_LOG_ENABLE) && MEMFAULT_COMPACT_LOG_ENABLE
/* The macros of compact logs are not C99; this program does without. */
#undef MEMFAULT_COMPACT_LOG_ENABLE
#define MEMFAULT_COMPACT_LOG_ENABLE 0
#define BENCH_COMPACT_LOGS
#endif

#include "measure.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/log.h"
#include "outlet.h"
#include "report.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LINES_TO_FILL 200
/* Lines of 40 bytes, with two bytes of their own each, in 4096. */
#define LINES_HELD 97

#define FORMAT "sensor %d read %u cnt err=%s t=%u"
static const char s_error_name[] __attribute__((aligned(8))) = "none";

#if !defined(BENCH_COMPACT_LOGS)
static const char s_format[] __attribute__((aligned(8))) = FORMAT;
static const char s_text[] __attribute__((aligned(8))) = "sensor 7 read 12345 cnt err=none t=98765";

static bool s_result;
#endif

__attribute__((aligned(8))) static uint8_t s_storage[4096];
static sMemfaultLog s_log;

static void boot(void) {
  if (!memfault_log_boot(s_storage, sizeof(s_storage))) {
    bench_fail("memfault_log_boot failed");
  }
}

static void expect_recorded(const char *id, uint32_t before, uint32_t more) {
  if (memfault_log_get_recorded_count() - before != more) {
    bench_fail("%s: %lu lines recorded instead of %lu", id,
               (unsigned long)(memfault_log_get_recorded_count() - before), (unsigned long)more);
  }
}

/* Runs an operation that stores `lines` lines. */
static void count_save(const char *id, bench_fn save, uint32_t lines) {
  const uint32_t before = memfault_log_get_recorded_count();
  bench_count(id, save);
  expect_recorded(id, before, lines);
}

#if defined(BENCH_COMPACT_LOGS)

/* What MEMFAULT_COMPACT_LOG_SAVE() expands to. */
void memfault_compact_log_save(eMemfaultPlatformLogLevel level, uint32_t log_id,
                               uint32_t compressed_fmt, ...);
#define LOG_FORMAT MEMFAULT_PUT_IN_SECTION("log_fmt") static const char
#define ID(format) ((uint32_t)(uintptr_t)(format))

static void save_four_arguments(void) {
  LOG_FORMAT format[] = "4;logs.c;1;" FORMAT;
  memfault_compact_log_save(kMemfaultPlatformLogLevel_Info, ID(format), 0x10c, 7, 12345u,
                            s_error_name, 98765u);
}

static void save_no_argument(void) {
  LOG_FORMAT format[] = "0;logs.c;2;hello world";
  memfault_compact_log_save(kMemfaultPlatformLogLevel_Info, ID(format), 0x1);
}

static void save_three_integers(void) {
  LOG_FORMAT format[] = "3;logs.c;3;a %d b %u c %u";
  memfault_compact_log_save(kMemfaultPlatformLogLevel_Info, ID(format), 0x40, 7, 12345u, 98765u);
}

static void run(void) {
  count_save("log_save_compact_space", save_four_arguments, 1);
  count_save("log_save_compact_noargs", save_no_argument, 1);
  count_save("log_save_compact_3int", save_three_integers, 1);
  /* Behind the id, whose width depends on the linker, come the arguments. */
  static const uint8_t arguments[] = { 0x07, 0x19, 0x30, 0x39, 0x1a, 0x00, 0x01, 0x81, 0xcd };
  for (int line = 0; line < 3; line++) {
    if (!memfault_log_read(&s_log) || s_log.type != kMemfaultLogRecordType_Compact) {
      bench_fail("compact line %d cannot be read", line);
    }
  }
  if (memcmp(&s_log.msg[s_log.msg_len - sizeof(arguments)], arguments, sizeof(arguments)) != 0) {
    bench_fail("log_save_compact_3int: wrong arguments");
  }
}

#else

static void save_formatted(void) {
  memfault_log_save(kMemfaultPlatformLogLevel_Info, s_format, 7, 12345u, s_error_name, 98765u);
}

static void format_only(char *buf, size_t len, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(buf, len, format, args);
  va_end(args);
}

static void format_with_the_c_library(void) {
  char buf[129];
  format_only(buf, sizeof(buf), s_format, 7, 12345u, s_error_name, 98765u);
  s_result = strcmp(buf, s_text) == 0;
}

static void save_preformatted(void) {
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Info, s_text, sizeof(s_text) - 1);
}

static void save_filtered(void) {
  memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Debug, s_text, sizeof(s_text) - 1);
}

static void read_line(void) {
  s_result = memfault_log_read(&s_log);
}

static void fill(void) {
  for (int line = 0; line < LINES_TO_FILL; line++) {
    save_preformatted();
  }
}

static void expect_line(const char *id, const char *text) {
  if (!s_result || s_log.msg_len != strlen(text) || strcmp(s_log.msg, text) != 0) {
    bench_fail("%s: \"%s\" instead of \"%s\"", id, s_log.msg, text);
  }
}

static void trigger(const char *id) {
  if (memfault_log_get_unsent_count().num_logs != LINES_HELD) {
    bench_fail("%s: %lu lines to send", id,
               (unsigned long)memfault_log_get_unsent_count().num_logs);
  }
  memfault_log_trigger_collection();
}

/* The message of LINES_HELD lines, as the specification has it: envelope, then time, level, text. */
static size_t expected_message(uint8_t *out) {
  static const char envelope[] = "\xa6\x02\x06\x03\x01\x0a\x66"
                                 "app-fw"
                                 "\x09\x65"
                                 "1.0.0"
                                 "\x06\x64"
                                 "dvt1"
                                 "\x04\x99\x01\x23";
  size_t len = sizeof(envelope) - 1;
  memcpy(out, envelope, len);
  for (int line = 0; line < LINES_HELD; line++) {
    static const uint8_t head[] = { 0x00, 0x01, 0x78, sizeof(s_text) - 1 };
    memcpy(&out[len], head, sizeof(head));
    memcpy(&out[len + sizeof(head)], s_text, sizeof(s_text) - 1);
    len += sizeof(head) + sizeof(s_text) - 1;
  }
  return len;
}

/* Takes the message as one chunk in parts: a byte, the type, the message, two bytes of CRC. */
static void check_message(void) {
  static uint8_t expected[4400];
  static uint8_t chunk[4400];
  const size_t expected_len = expected_message(expected);
  const sPacketizerConfig config = { .enable_multi_packet_chunk = true };
  sPacketizerMetadata metadata;
  size_t len = 0;
  if (!memfault_packetizer_begin(&config, &metadata)) {
    bench_fail("there is no message of logs");
  }
  eMemfaultPacketizerStatus status;
  do {
    size_t part_len = sizeof(chunk) - len;
    part_len = (part_len < 244) ? part_len : 244;
    status = memfault_packetizer_get_next(&chunk[len], &part_len);
    len += part_len;
  } while (status == kMemfaultPacketizerStatus_MoreDataForChunk);
  if (len != expected_len + 4 || memcmp(&chunk[2], expected, expected_len) != 0) {
    bench_fail("the message of logs is not what was stored (%lu bytes)", (unsigned long)len);
  }
}

static void run(void) {
  count_save("log_save_fmt40_space", save_formatted, 1);
  bench_count("vsnprintf40", format_with_the_c_library);
  count_save("log_save_pre40_space", save_preformatted, 1);
  count_save("log_save_filtered", save_filtered, 0);
  fill();
  count_save("log_save_fmt40_evict", save_formatted, 1);
  count_save("log_save_pre40_evict", save_preformatted, 1);

  bench_count("log_read_dropped_notice", read_line);
  expect_line("log_read_dropped_notice", "... 107 messages dropped ...");
  bench_count("log_read_msg40", read_line);
  expect_line("log_read_msg40", s_text);

  bench_count("log_trigger", memfault_log_trigger_collection);
  outlet_count_drain("drain_logs_mtu64", 64);
  fill();
  trigger("drain_logs_mtu244");
  outlet_count_drain("drain_logs_mtu244", 244);
  fill();
  trigger("drain_logs_mtu1500");
  outlet_count_drain("drain_logs_mtu1500", 1500);
  fill();
  trigger("logs");
  check_message();
}

#endif

int main(void) {
  bench_counter_start();
  bench_count_empty();
  boot();
  run();
  bench_done();
  return 0;
}
