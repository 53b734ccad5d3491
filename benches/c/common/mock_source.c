#include "mock_source.h"

#include "memfault/core/data_packetizer_source.h"
#include "payload.h"
#include "report.h"

/* More than the most reads of any row: 30 774 (words, RLE on, 9 bytes) if every read were as
 * short as a chunk. */
#define MAX_RECORDED_READS 40000u
#define LONGEST_READ 2048u

typedef struct {
  uint32_t offset;
  uint16_t len;
  uint16_t alignment;
} recorded_read;

mock_source_totals g_mock_totals;

static bool s_has_message;
static bool s_recording;
static bool s_failing;
static recorded_read s_reads[MAX_RECORDED_READS];
static uint32_t s_read_count;
__attribute__((aligned(8))) static uint8_t s_scratch[LONGEST_READ + 8];

/* Word by word without the C library, so that the cost of the source does not depend on
 * somebody's memcpy. */
static void copy(uint8_t *to, const uint8_t *from, size_t len) {
  typedef uint32_t __attribute__((aligned(1), may_alias)) unaligned_word;
  for (; len >= 4; len -= 4) {
    *(unaligned_word *)to = *(const unaligned_word *)from;
    to += 4;
    from += 4;
  }
  for (; len > 0; len--) {
    *to++ = *from++;
  }
}

static bool has_more_msgs(size_t *next_msg_size) {
  *next_msg_size = PAYLOAD_LEN;
  if (s_recording) {
    g_mock_totals.has_more_calls++;
  }
  return s_has_message;
}

static void record_read(uint32_t offset, const void *buf, size_t len) {
  if (s_read_count == MAX_RECORDED_READS || len > LONGEST_READ) {
    bench_fail("a recording of %lu reads is full (next: %lu bytes)", (unsigned long)s_read_count,
               (unsigned long)len);
  }
  s_reads[s_read_count].offset = offset;
  s_reads[s_read_count].len = (uint16_t)len;
  s_reads[s_read_count].alignment = (uint16_t)((uintptr_t)buf & 7);
  s_read_count++;
  g_mock_totals.reads++;
  g_mock_totals.read_bytes += (uint32_t)len;
}

/* The test for a recording is part of the replay too, so it is not counted against the
 * packetizer. */
static bool read_msg(uint32_t offset, void *buf, size_t buf_len) {
  if (offset + buf_len > PAYLOAD_LEN) {
    return false;
  }
  if (s_recording) {
    record_read(offset, buf, buf_len);
  }
  if (s_failing) {
    return false;
  }
  copy(buf, &g_payload[offset], buf_len);
  return true;
}

static bool read_nothing(uint32_t offset, void *buf, size_t buf_len) {
  (void)offset;
  (void)buf;
  (void)buf_len;
  return true;
}

static void mark_msg_read(void) {
  s_has_message = false;
}

#if defined(BENCH_MOCK_AS_CDR)
const sMemfaultDataSourceImpl g_memfault_cdr_source = {
#else
const sMemfaultDataSourceImpl g_memfault_coredump_data_source = {
#endif
  .has_more_msgs_cb = has_more_msgs,
  .read_msg_cb = read_msg,
  .mark_msg_read_cb = mark_msg_read,
};

void mock_source_set_message(void) {
  s_has_message = true;
}

void mock_source_record(bool on) {
  s_recording = on;
  if (on) {
    s_read_count = 0;
    g_mock_totals = (mock_source_totals){ 0 };
  }
}

void mock_source_fail_reads(bool on) {
  s_failing = on;
}

static void replay(MemfaultDataSourceReadMessageCallback *volatile *callback) {
  MemfaultDataSourceReadMessageCallback *const read = *callback;
  for (uint32_t i = 0; i < s_read_count; i++) {
    read(s_reads[i].offset, &s_scratch[s_reads[i].alignment], s_reads[i].len);
  }
}

void mock_source_replay(void) {
  static MemfaultDataSourceReadMessageCallback *volatile callback = read_msg;
  replay(&callback);
}

void mock_source_replay_empty(void) {
  static MemfaultDataSourceReadMessageCallback *volatile callback = read_nothing;
  replay(&callback);
}
