/*
 * The basic drain loop of the event rows, counted or looked at.
 */
#include "outlet.h"

#include "crc32.h"
#include "measure.h"
#include "memfault/core/data_packetizer.h"
#include "report.h"

#include <stdint.h>

__attribute__((aligned(8))) static uint8_t s_chunk[1504];
static size_t s_len;

static void drain(void) {
  for (;;) {
    size_t len = s_len;
    if (!memfault_packetizer_get_chunk(s_chunk, &len)) {
      break;
    }
  }
}

void outlet_drain(void) {
  s_len = sizeof(s_chunk);
  drain();
}

void outlet_count_drain(const char *id, size_t len) {
  s_len = len;
  bench_count(id, drain);
}

void outlet_drain_and_report(const char *id) {
  uint32_t chunks = 0;
  uint32_t bytes = 0;
  uint32_t crc32 = 0;
  for (;;) {
    size_t len = 1500;
    if (!memfault_packetizer_get_chunk(s_chunk, &len)) {
      break;
    }
    if (chunks == 0) {
      bench_report_bytes(id, s_chunk, len);
    }
    chunks++;
    bytes += (uint32_t)len;
    crc32 = bench_crc32(crc32, s_chunk, len);
  }
  bench_report("message %s chunks=%lu bytes=%lu crc32=%08lx", id, (unsigned long)chunks,
               (unsigned long)bytes, (unsigned long)crc32);
}
