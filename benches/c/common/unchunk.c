#include "unchunk.h"

#include "memfault/core/data_packetizer.h"
#include "report.h"

#include <stdbool.h>

#define CONTINUATION 0x80u
#define MORE_DATA 0x40u
#define CRC_LEN 2u
#define MESSAGE_TYPE_COREDUMP_RLE 0x81u

static struct {
  const uint8_t *expected;
  size_t expected_len;
  size_t len;
  bool has_type;
  /* The run that is being received. */
  enum { kAt_Length, kAt_RepeatedByte, kAt_Literal } at;
  uint32_t varint;
  unsigned shift;
  uint32_t left;
} s_message;

static void take_byte(uint8_t byte) {
  if (s_message.len >= s_message.expected_len || s_message.expected[s_message.len] != byte) {
    bench_fail("drained byte %lu is %02x", (unsigned long)s_message.len, byte);
  }
  s_message.len++;
}

/* A run: zigzag varint; positive: so many times the byte that follows, negative: literal bytes. */
static void take_encoded(uint8_t byte) {
  switch (s_message.at) {
    case kAt_Length:
      s_message.varint |= (uint32_t)(byte & 0x7Fu) << s_message.shift;
      s_message.shift += 7;
      if ((byte & 0x80u) == 0) {
        const bool negative = (s_message.varint & 1u) != 0;
        s_message.left = (s_message.varint >> 1) + (negative ? 1 : 0);
        s_message.at = negative ? kAt_Literal : kAt_RepeatedByte;
        s_message.varint = 0;
        s_message.shift = 0;
      }
      break;
    case kAt_RepeatedByte:
      for (; s_message.left != 0; s_message.left--) {
        take_byte(byte);
      }
      s_message.at = kAt_Length;
      break;
    case kAt_Literal:
      take_byte(byte);
      s_message.left--;
      if (s_message.left == 0) {
        s_message.at = kAt_Length;
      }
      break;
  }
}

static void take_chunk(const uint8_t *chunk, size_t len) {
  size_t position = 1;
  if ((chunk[0] & (CONTINUATION | MORE_DATA)) != 0) {
    while ((chunk[position++] & 0x80u) != 0) {
    }
  }
  const size_t end = ((chunk[0] & MORE_DATA) != 0) ? len : len - CRC_LEN;
  for (; position < end; position++) {
    if (s_message.has_type) {
      take_encoded(chunk[position]);
    } else if (chunk[position] == MESSAGE_TYPE_COREDUMP_RLE) {
      s_message.has_type = true;
    } else {
      bench_fail("drained message type %02x", chunk[position]);
    }
  }
}

size_t unchunk_and_compare(size_t chunk_len, const uint8_t *expected, size_t expected_len) {
  static uint8_t s_chunk[1504];
  s_message.expected = expected;
  s_message.expected_len = expected_len;
  bool more_data;
  do {
    size_t len = chunk_len;
    if (!memfault_packetizer_get_chunk(s_chunk, &len)) {
      bench_fail("no coredump to drain");
    }
    take_chunk(s_chunk, len);
    more_data = (s_chunk[0] & MORE_DATA) != 0;
  } while (more_data);
  if (s_message.len != expected_len) {
    bench_fail("drained %lu of %lu bytes", (unsigned long)s_message.len,
               (unsigned long)expected_len);
  }
  return s_message.len;
}
