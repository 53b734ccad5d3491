/*
 * Drain rows: instructions of the packetizer for one message of 64 KiB, in both modes and at every
 * buffer size; costs of the first calls.
 *
 * Run by `cargo xtask bench speed`; prints for each payload and buffer the counts `gross`,
 * `replay` and `replay-empty` (the read callback alone: callback = replay - replay-empty, net =
 * gross - callback) and a `drained` line with what came out: chunks, bytes, CRC-32 of all chunks,
 * reads of the source, bytes read, calls of has_more.
 */
#include "crc32.h"
#include "measure.h"
#include "memfault/core/data_packetizer.h"
#include "mock_source.h"
#include "payload.h"
#include "report.h"

#include <stdio.h>

#define FIRST_CALLS_LEN 244
/* More chunks than any row has; a packetizer that never ends must end the run. */
#define TOO_MANY_CHUNKS 100000u

typedef struct {
  const char *name;
  size_t len;
  bool multi_call;
} drain_mode;

static const drain_mode s_modes[] = {
  { "basic-9", 9, false },       { "basic-20", 20, false },     { "basic-64", 64, false },
  { "basic-244", 244, false },   { "basic-1024", 1024, false }, { "basic-1500", 1500, false },
  { "advanced-64", 64, true },   { "advanced-1500", 1500, true },
};

__attribute__((aligned(8))) static uint8_t s_chunk[1504];
static size_t s_len;

static struct {
  uint32_t chunks;
  uint32_t bytes;
  uint32_t crc32;
} s_drained;

static void start_message(void) {
  memfault_packetizer_abort();
  mock_source_set_message();
}

/* The two measured loops. The count of chunks is kept, as any user of the packetizer would. */
static void drain_basic(void) {
  uint32_t chunks = 0;
  for (;;) {
    size_t len = s_len;
    if (!memfault_packetizer_get_chunk(s_chunk, &len)) {
      break;
    }
    chunks++;
  }
  s_drained.chunks = chunks;
}

static void drain_multi_call(void) {
  const sMemfaultPacketizerConfig config = { .enable_multi_packet_chunk = true };
  sMemfaultPacketizerMetadata metadata;
  uint32_t chunks = 0;
  while (memfault_packetizer_begin(&config, &metadata)) {
    eMemfaultPacketizerStatus status;
    do {
      size_t len = s_len;
      status = memfault_packetizer_get_next(s_chunk, &len);
      chunks++;
    } while (status != kMemfaultPacketizerStatus_EndOfChunk);
  }
  s_drained.chunks = chunks;
}

static void account(size_t len) {
  s_drained.chunks++;
  s_drained.bytes += (uint32_t)len;
  s_drained.crc32 = bench_crc32(s_drained.crc32, s_chunk, len);
  if (s_drained.chunks > TOO_MANY_CHUNKS || len > s_len) {
    bench_fail("chunk %lu of %lu bytes: the drain does not end", (unsigned long)s_drained.chunks,
               (unsigned long)len);
  }
}

/* The same two loops, unmeasured, with an eye on the output. */
static void drain_accounted(bool multi_call) {
  const sMemfaultPacketizerConfig config = { .enable_multi_packet_chunk = multi_call };
  sMemfaultPacketizerMetadata metadata;
  s_drained.chunks = 0;
  s_drained.bytes = 0;
  s_drained.crc32 = 0;
  if (!multi_call) {
    size_t len = s_len;
    while (memfault_packetizer_get_chunk(s_chunk, &len)) {
      account(len);
      len = s_len;
    }
    return;
  }
  while (memfault_packetizer_begin(&config, &metadata)) {
    eMemfaultPacketizerStatus status;
    do {
      size_t len = s_len;
      status = memfault_packetizer_get_next(s_chunk, &len);
      account(len);
    } while (status != kMemfaultPacketizerStatus_EndOfChunk);
  }
}

static void run_drain(const char *payload, const drain_mode *mode) {
  char id[64];
  s_len = mode->len;

  start_message();
  mock_source_record(true);
  drain_accounted(mode->multi_call);
  mock_source_record(false);
  const uint32_t chunks = s_drained.chunks;
  bench_report(
    "drained %s/%s chunks=%lu out_bytes=%lu out_crc32=%08lx reads=%lu read_bytes=%lu "
    "has_more_calls=%lu",
    payload, mode->name, (unsigned long)chunks, (unsigned long)s_drained.bytes,
    (unsigned long)s_drained.crc32, (unsigned long)g_mock_totals.reads,
    (unsigned long)g_mock_totals.read_bytes, (unsigned long)g_mock_totals.has_more_calls);

  start_message();
  snprintf(id, sizeof(id), "%s/%s/gross", payload, mode->name);
  bench_count(id, mode->multi_call ? drain_multi_call : drain_basic);
  if (s_drained.chunks != chunks) {
    bench_fail("%s: %lu chunks in the measured run, %lu before", id,
               (unsigned long)s_drained.chunks, (unsigned long)chunks);
  }
  snprintf(id, sizeof(id), "%s/%s/replay", payload, mode->name);
  bench_count(id, mock_source_replay);
  snprintf(id, sizeof(id), "%s/%s/replay-empty", payload, mode->name);
  bench_count(id, mock_source_replay_empty);
}

static void get_one_chunk(void) {
  size_t len = s_len;
  memfault_packetizer_get_chunk(s_chunk, &len);
}

static void ask_for_data(void) {
  memfault_packetizer_data_available();
}

static void run_first_calls(const char *payload) {
  static const struct {
    const char *name;
    bench_fn fn;
  } calls[] = { { "get-chunk", get_one_chunk }, { "data-available", ask_for_data } };
  char id[64];
  s_len = FIRST_CALLS_LEN;
  for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
    start_message();
    snprintf(id, sizeof(id), "%s/first-%s", payload, calls[i].name);
    bench_count(id, calls[i].fn);
    snprintf(id, sizeof(id), "%s/second-%s", payload, calls[i].name);
    bench_count(id, calls[i].fn);
  }
}

int main(void) {
  bench_counter_start();
  bench_count_empty();
  for (int kind = 0; kind < kPayload_Count; kind++) {
    const char *payload = payload_name((payload_kind)kind);
    payload_fill((payload_kind)kind);
    bench_report("payload %s %08lx", payload,
                 (unsigned long)bench_crc32(0, g_payload, PAYLOAD_LEN));
    for (size_t mode = 0; mode < sizeof(s_modes) / sizeof(s_modes[0]); mode++) {
      run_drain(payload, &s_modes[mode]);
    }
    run_first_calls(payload);
  }
  bench_done();
  return 0;
}
