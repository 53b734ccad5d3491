/*
 * The packetizer with sources of our own: the three modes at changing buffer sizes, masks, abort, bad arguments,
 * sources that fail, lie about their size or call back into the packetizer.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/util/crc16.h"

#define GUARD 0x5a

/* One message at a time in each source; `size` is what the source claims, `real` what it can read. */
typedef struct {
  bool present;
  size_t size;
  size_t real;
  unsigned reads;
  unsigned marks;
  uint32_t next_offset;
  bool out_of_order;
  void (*hook)(void);
} scripted_source_t;

static scripted_source_t s_sources[4];

static uint8_t content(size_t source, uint32_t offset) {
  /* Runs and literals, so that run-length encoding has something to do. */
  return (offset / 13) % 3 == 0 ? (uint8_t)source : (uint8_t)(offset * 31 + source);
}

static bool has_more(size_t source, size_t *size) {
  *size = s_sources[source].size;
  return s_sources[source].present;
}

static bool read_msg(size_t source, uint32_t offset, void *buf, size_t len) {
  scripted_source_t *self = &s_sources[source];
  self->reads++;
  if (source != 0 && offset != self->next_offset) {
    self->out_of_order = true;
  }
  self->next_offset = offset + (uint32_t)len;
  if (self->hook != NULL) {
    void (*hook)(void) = self->hook;
    self->hook = NULL;
    hook();
  }
  if (offset + len > self->real) {
    return false;
  }
  uint8_t *out = buf;
  for (size_t i = 0; i < len; i++) {
    out[i] = content(source, offset + (uint32_t)i);
  }
  return true;
}

static void mark(size_t source) {
  s_sources[source].marks++;
  s_sources[source].present = false;
}

#define SOURCE(name, index)                                                          \
  static bool has_more_##index(size_t *size) { return has_more(index, size); }       \
  static bool read_##index(uint32_t offset, void *buf, size_t len) {                 \
    return read_msg(index, offset, buf, len);                                        \
  }                                                                                  \
  static void mark_##index(void) { mark(index); }                                    \
  const sMemfaultDataSourceImpl name = { has_more_##index, read_##index, mark_##index }

SOURCE(g_memfault_coredump_data_source, 0);
SOURCE(g_memfault_event_data_source, 1);
SOURCE(g_memfault_log_data_source, 2);
SOURCE(g_memfault_cdr_source, 3);

static void offer(size_t source, size_t size) {
  s_sources[source] = (scripted_source_t) { .present = true, .size = size, .real = size };
}

/* The receiving side: undoes chunks and run-length encoding and compares with what the source holds. */
static uint8_t s_message[600];
static size_t s_received;
static size_t s_total;

static uint32_t varint(const uint8_t *bytes, size_t *used) {
  uint32_t value = 0;
  for (*used = 0; *used < 5; (*used)++) {
    value |= (uint32_t)(bytes[*used] & 0x7f) << (7 * *used);
    if ((bytes[*used] & 0x80) == 0) {
      break;
    }
  }
  (*used)++;
  return value;
}

/* Takes a chunk; true when it completed a message with a good CRC. */
static bool receive(const uint8_t *chunk, size_t len) {
  size_t used = 0;
  bool last = false;
  const uint8_t *body = &chunk[1];
  if (chunk[0] == 0x08) {
    s_received = 0;
    s_total = len - 3;
    last = true;
  } else if (chunk[0] == 0x48) {
    s_received = 0;
    s_total = varint(body, &used);
  } else {
    CHECK(chunk[0] == 0xc0 || chunk[0] == 0x80);
    last = chunk[0] == 0x80;
    CHECK_EQ(varint(body, &used), s_received);
  }
  const size_t data_len = len - 1 - used - (last ? 2 : 0);
  CHECK(s_received + data_len <= sizeof(s_message));
  memcpy(&s_message[s_received], &body[used], data_len);
  s_received += data_len;
  if (!last) {
    return false;
  }
  const uint16_t crc = memfault_crc16_compute(0, s_message, s_received);
  CHECK_EQ(s_received, s_total);
  CHECK_EQ(chunk[len - 2] | (chunk[len - 1] << 8), crc);
  return true;
}

static bool message_is(size_t source, size_t size) {
  const uint8_t header = s_message[0];
  if ((header & 0x3f) != source + 1) {
    return false;
  }
  if ((header & 0x80) == 0) {
    bool same = s_received == size + 1;
    for (size_t i = 0; same && i < size; i++) {
      same = s_message[i + 1] == content(source, (uint32_t)i);
    }
    return same;
  }
  size_t at = 1;
  uint32_t out = 0;
  while (at < s_received) {
    size_t used = 0;
    const uint32_t code = varint(&s_message[at], &used);
    at += used;
    const bool literal = (code & 1) != 0;
    const uint32_t count = literal ? (code + 1) / 2 : code / 2;
    for (uint32_t i = 0; i < count; i++, out++) {
      if (s_message[literal ? at + i : at] != content(source, out)) {
        return false;
      }
    }
    at += literal ? count : 1;
  }
  return out == size && at == s_received;
}

/* Drains one message with get_chunk and buffers of `min`..`max` bytes; the byte behind each buffer must survive. */
static bool drain_one(size_t min, size_t max) {
  uint8_t buf[301];
  for (int i = 0; i < 1000; i++) {
    const size_t offered = min + check_random((uint32_t)(max - min + 1));
    memset(buf, GUARD, sizeof(buf));
    size_t len = offered;
    if (!memfault_packetizer_get_chunk(buf, &len)) {
      return false;
    }
    CHECK(len <= offered);
    CHECK_EQ(buf[offered], GUARD);
    if (receive(buf, len)) {
      return true;
    }
  }
  return false;
}

static void test_basic_mode(void) {
  for (size_t size = 0; size < 300; size += 7) {
    for (size_t source = 0; source < 4; source++) {
      offer(source, size);
      CHECK(memfault_packetizer_data_available());
      CHECK(drain_one(9, 9 + check_random(290)));
      CHECK(message_is(source, size));
      CHECK_EQ(s_sources[source].marks, 1);
      CHECK(!s_sources[source].out_of_order);
      CHECK(!memfault_packetizer_data_available());
    }
  }
}

static void test_advanced_mode(void) {
  const sMemfaultPacketizerConfig config = { .enable_multi_packet_chunk = true };
  for (size_t source = 0; source < 4; source++) {
    offer(source, 250);
    sMemfaultPacketizerMetadata metadata;
    CHECK(memfault_packetizer_begin(&config, &metadata));
    CHECK(!metadata.send_in_progress);
    uint8_t chunk[300];
    size_t total = 0;
    eMemfaultPacketizerStatus status;
    do {
      size_t len = 9 + check_random(20);
      status = memfault_packetizer_get_next(&chunk[total], &len);
      total += len;
    } while (status == kMemfaultPacketizerStatus_MoreDataForChunk);
    CHECK_EQ(status, kMemfaultPacketizerStatus_EndOfChunk);
    CHECK_EQ(total, metadata.single_chunk_message_length);
    CHECK(receive(chunk, total) && message_is(source, 250));
    CHECK(!memfault_packetizer_begin(&config, &metadata));
    CHECK_EQ(metadata.single_chunk_message_length, 0);
  }
}

/* Sources that are not run-length encoded: one read per call, in order, shorter than the buffer. */
static void test_one_sequential_read_per_chunk(void) {
  offer(1, 200);
  uint8_t buf[20];
  size_t len = sizeof(buf);
  unsigned calls = 0;
  while (memfault_packetizer_get_chunk(buf, &len)) {
    calls++;
    CHECK(s_sources[1].reads <= calls);
    len = sizeof(buf);
  }
  CHECK(!s_sources[1].out_of_order);
  CHECK_EQ(s_sources[1].next_offset, 200);
}

static void test_priority_and_masks(void) {
  for (size_t source = 0; source < 4; source++) {
    offer(source, 10);
  }
  memfault_packetizer_set_active_sources(kMfltDataSourceMask_Log | kMfltDataSourceMask_Cdr);
  CHECK(drain_one(30, 30) && message_is(2, 10));
  memfault_packetizer_set_active_sources(kMfltDataSourceMask_None);
  CHECK(!memfault_packetizer_data_available());
  memfault_packetizer_set_active_sources(kMfltDataSourceMask_All);
  CHECK(drain_one(30, 30) && message_is(0, 10));
  CHECK(drain_one(30, 30) && message_is(1, 10));
  CHECK(drain_one(30, 30) && message_is(3, 10));
}

static void test_abort_starts_over(void) {
  offer(0, 250);
  uint8_t buf[40];
  for (int i = 0; i < 3; i++) {
    size_t len = sizeof(buf);
    CHECK(memfault_packetizer_get_chunk(buf, &len));
  }
  memfault_packetizer_abort();
  CHECK_EQ(s_sources[0].marks, 0);
  CHECK(drain_one(40, 40) && message_is(0, 250));
}

static void test_bad_arguments(void) {
  const sMemfaultPacketizerConfig config = { .enable_multi_packet_chunk = false };
  sMemfaultPacketizerMetadata metadata = { .single_chunk_message_length = 77 };
  uint8_t buf[20];
  size_t len = sizeof(buf);
  CHECK(!memfault_packetizer_get_chunk(NULL, NULL)); /* nothing to send: not even looked at */
  offer(1, 50);
  CHECK(!memfault_packetizer_begin(NULL, &metadata));
  CHECK(!memfault_packetizer_begin(&config, NULL));
  CHECK_EQ(metadata.single_chunk_message_length, 77);
  CHECK_EQ(memfault_packetizer_get_next(buf, &len), kMemfaultPacketizerStatus_NoMoreData);
  CHECK_EQ(memfault_packetizer_get_next(NULL, &len), kMemfaultPacketizerStatus_NoMoreData);
  CHECK(!memfault_packetizer_get_chunk(NULL, &len));
  CHECK(!memfault_packetizer_get_chunk(buf, NULL));
  len = 8;
  CHECK(!memfault_packetizer_get_chunk(buf, &len));
  CHECK_EQ(len, 0);
  CHECK(drain_one(9, 20) && message_is(1, 50)); /* nothing of it was lost */
}

static void test_source_that_cannot_read(void) {
  offer(1, 100);
  s_sources[1].real = 40; /* it promised 100 */
  CHECK(drain_one(30, 30));
  CHECK_EQ(s_received, 101);
  CHECK_EQ(s_sources[1].marks, 1);
  CHECK_EQ(s_message[60], 0xef);
  offer(0, 100);
  s_sources[0].real = 40;
  (void)drain_one(30, 30); /* encoded data that does not add up must not run out of any buffer */
  memfault_packetizer_abort();
  s_sources[0].present = false;
}

static void test_source_that_lies_about_its_size(void) {
  uint8_t buf[64];
  size_t len = sizeof(buf);
  offer(3, (size_t)0xfffffff0u);
  s_sources[3].real = 0;
  CHECK(memfault_packetizer_get_chunk(buf, &len));
  CHECK_EQ(len, sizeof(buf));
  memfault_packetizer_abort();
  s_sources[3].present = false;
}

static void test_hooks_that_call_back(void) {
  uint8_t buf[30];
  size_t len = sizeof(buf);
  for (size_t source = 0; source < 2; source++) {
    offer(source, 200);
    s_sources[source].hook = memfault_packetizer_abort;
    (void)memfault_packetizer_get_chunk(buf, &len);
    memfault_packetizer_abort();
    CHECK(drain_one(30, 30) && message_is(source, 200));

    offer(source, 200);
    len = sizeof(buf);
    CHECK(memfault_packetizer_get_chunk(buf, &len));
    CHECK(!receive(buf, len));
    len = sizeof(buf);
    s_sources[source].hook = memfault_packetizer_abort;
    if (memfault_packetizer_get_chunk(buf, &len)) {
      (void)receive(buf, len); /* served without a read: the hook is still to come */
    }
    CHECK_EQ(s_sources[source].marks, 0);
    memfault_packetizer_abort();
    s_sources[source].hook = NULL;
    CHECK(drain_one(30, 30) && message_is(source, 200));
  }
}

int main(void) {
  board_init();
  test_basic_mode();
  test_advanced_mode();
  test_one_sequential_read_per_chunk();
  test_priority_and_masks();
  test_abort_starts_over();
  test_bad_arguments();
  test_source_that_cannot_read();
  test_source_that_lies_about_its_size();
  test_hooks_that_call_back();
  check_finish();
}
