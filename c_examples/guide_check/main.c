/*
 * Checks what the guide "Data from Firmware to the Cloud" tells users, with the calls and the type
 * names that it uses: the older sPacketizerConfig and sPacketizerMetadata among them.
 *
 * Run:    <build folder>/guide_check on the host, or scripts/qemu-run.sh mps2-an385 on a board
 * Prints: one line per claim and "N passed, N failed"; between them the chunks as "MC:" lines.
 *         The exit code is 0 when all passed.
 */
#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "example.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/trace_event.h"
#include "receiver.h"
#include "slow_flash.h"

const char g_example_name[] = "guide_check";

#define USER_CHUNK_SIZE 48
#define PREFETCH_LEN 128
#define DUMP_LEN 700
#define MESSAGE_TYPE_COREDUMP 1
#define MESSAGE_TYPE_EVENT 2

static int s_passed;
static int s_failed;
static receiver_t s_receiver;
static uint8_t s_dump[DUMP_LEN];
static bool s_dump_waits;

/* What the packetizer asked of the source since the last forget_reads(). */
static struct {
  int count;
  int out_of_order;
  uint32_t next_offset;
  size_t longest;
} s_reads;

static void expect(bool holds, const char *claim) {
  MEMFAULT_LOG_RAW("%s: %s", holds ? "pass" : "FAIL", claim);
  s_passed += holds ? 1 : 0;
  s_failed += holds ? 0 : 1;
}

/* ---- storage: a dump in slow flash, with a prefetch buffer in front ------------------------- */

static struct {
  uint8_t bytes[PREFETCH_LEN];
  uint32_t first;     /* offset in the flash of bytes[0] */
  uint32_t available; /* how many of them are filled */
  uint32_t taken;     /* how many of those were read already */
  volatile bool busy;
} s_prefetch;

static void on_prefetched(void) {
  s_prefetch.busy = false;
}

/* True: a flash read was started, or is still running; the next chunk has to wait for it. */
static bool memfault_platform_coredump_prepare_async(size_t next_chunk_size) {
  if (s_prefetch.busy) {
    return true;
  }
  if (!s_dump_waits) {
    return false;
  }
  const uint32_t start = s_prefetch.first + s_prefetch.taken;
  const uint32_t rest = DUMP_LEN - start;
  if (s_prefetch.available - s_prefetch.taken >= MEMFAULT_MIN(next_chunk_size, rest)) {
    return false;
  }
  s_prefetch.first = start;
  s_prefetch.available = MEMFAULT_MIN(PREFETCH_LEN, rest);
  s_prefetch.taken = 0;
  s_prefetch.busy = true;
  return slow_flash_read(start, s_prefetch.bytes, s_prefetch.available, on_prefetched);
}

/* The SDK reads coredumps through this hook, and firmware may bring its own. */
bool memfault_coredump_read(uint32_t offset, void *data, size_t read_len);
bool memfault_coredump_read(uint32_t offset, void *data, size_t read_len) {
  const uint32_t end = s_prefetch.first + s_prefetch.available;
  if (s_prefetch.busy || offset < s_prefetch.first || offset > end || read_len > end - offset) {
    return false;
  }
  s_prefetch.taken = offset - s_prefetch.first;
  memcpy(data, &s_prefetch.bytes[s_prefetch.taken], read_len);
  s_prefetch.taken += (uint32_t)read_len;
  return true;
}

static bool dump_has_more(size_t *next_msg_size) {
  *next_msg_size = DUMP_LEN;
  return s_dump_waits;
}

/* In the two modes that do not prefetch, the dump is simply in RAM. */
static bool s_async;

static bool dump_read(uint32_t offset, void *buf, size_t buf_len) {
  s_reads.count++;
  s_reads.out_of_order += (offset != s_reads.next_offset) ? 1 : 0;
  s_reads.next_offset = offset + (uint32_t)buf_len;
  s_reads.longest = MEMFAULT_MAX(s_reads.longest, buf_len);
  if (s_async) {
    return memfault_coredump_read(offset, buf, buf_len);
  }
  memcpy(buf, &s_dump[offset], buf_len);
  return true;
}

static void dump_clear(void) {
  s_dump_waits = false;
}

const sMemfaultDataSourceImpl g_memfault_coredump_data_source = {
  .has_more_msgs_cb = dump_has_more,
  .read_msg_cb = dump_read,
  .mark_msg_read_cb = dump_clear,
};

static void new_dump(bool async) {
  s_async = async;
  s_dump_waits = true;
  memset(&s_reads, 0, sizeof(s_reads));
  memset(&s_prefetch, 0, sizeof(s_prefetch));
  memset(&s_receiver, 0, sizeof(s_receiver));
}

static bool dump_arrived(void) {
  return s_receiver.complete == 1 && s_receiver.errors == 0 && !s_dump_waits &&
         s_receiver.message_len == 1 + DUMP_LEN &&
         s_receiver.message[0] == MESSAGE_TYPE_COREDUMP &&
         memcmp(&s_receiver.message[1], s_dump, DUMP_LEN) == 0;
}

static void send_chunk(uint8_t *chunk, size_t chunk_len) {
  user_transport_send_chunk_data(chunk, chunk_len);
  receiver_take_chunk(&s_receiver, chunk, chunk_len);
}

/* ---- basic mode ----------------------------------------------------------------------------- */

static bool try_send_memfault_data(size_t chunk_size) {
  uint8_t chunk[USER_CHUNK_SIZE];
  size_t chunk_len = MEMFAULT_MIN(chunk_size, sizeof(chunk));
  if (!memfault_packetizer_get_chunk(chunk, &chunk_len)) {
    return false;
  }
  send_chunk(chunk, chunk_len);
  return true;
}

static void check_basic_mode(void) {
  new_dump(false);
  while (try_send_memfault_data(USER_CHUNK_SIZE)) {
  }
  expect(dump_arrived(), "basic: each chunk is complete, and together they are the dump");

  new_dump(false);
  while (try_send_memfault_data(MEMFAULT_PACKETIZER_MIN_BUF_LEN)) {
  }
  expect(dump_arrived(), "basic: chunks may be as small as 9 bytes");

  new_dump(false);
  size_t size = MEMFAULT_PACKETIZER_MIN_BUF_LEN;
  while (try_send_memfault_data(size)) {
    size = (size >= USER_CHUNK_SIZE) ? MEMFAULT_PACKETIZER_MIN_BUF_LEN : size + 7;
  }
  expect(dump_arrived(), "basic: the size may change from chunk to chunk");

  memset(&s_receiver, 0, sizeof(s_receiver));
  MEMFAULT_TRACE_EVENT_WITH_STATUS(sensor_timeout, -5);
  while (try_send_memfault_data(USER_CHUNK_SIZE)) {
  }
  expect(s_receiver.complete == 1 && s_receiver.errors == 0 &&
           s_receiver.message[0] == MESSAGE_TYPE_EVENT,
         "basic: an event goes the same way");
}

/* ---- advanced mode -------------------------------------------------------------------------- */

static uint8_t s_socket[1 + 1 + DUMP_LEN + 2]; /* chunk header, message header, dump, checksum */
static size_t s_socket_len;

static void send_data_over_socket(const void *data, size_t len) {
  const size_t room = sizeof(s_socket) - s_socket_len;
  memcpy(&s_socket[s_socket_len], data, MEMFAULT_MIN(len, room));
  s_socket_len += len;
}

static bool send_memfault_data_multi_part(uint32_t *announced_len) {
  const sPacketizerConfig config = { .enable_multi_packet_chunk = true };
  sPacketizerMetadata metadata;
  if (!memfault_packetizer_begin(&config, &metadata)) {
    return false;
  }
  *announced_len = metadata.single_chunk_message_length;
  while (1) {
    uint8_t piece[20];
    size_t piece_len = sizeof(piece);
    const eMemfaultPacketizerStatus status = memfault_packetizer_get_next(piece, &piece_len);
    if (status == kMemfaultPacketizerStatus_NoMoreData) {
      return false; /* cannot be: begin() has just said that there is something */
    }
    send_data_over_socket(piece, piece_len);
    if (status == kMemfaultPacketizerStatus_EndOfChunk) {
      return true;
    }
  }
}

static void check_advanced_mode(void) {
  new_dump(false);
  s_socket_len = 0;
  uint32_t announced_len = 0;
  const bool sent = send_memfault_data_multi_part(&announced_len);
  expect(sent && announced_len == s_socket_len && s_socket_len == sizeof(s_socket),
         "advanced: the length of the chunk is known before its first byte");
  send_chunk(s_socket, MEMFAULT_MIN(s_socket_len, sizeof(s_socket)));
  expect(dump_arrived(), "advanced: the pieces together are one chunk");
  expect(!send_memfault_data_multi_part(&announced_len), "advanced: begin() tells the end");
}

/* ---- asynchronous mode ---------------------------------------------------------------------- */

static void check_async_mode(void) {
  new_dump(true);
  slow_flash_erase();
  bool rules_kept = slow_flash_program(0, s_dump, sizeof(s_dump));
  int waits = 0;
  while (1) {
    if (memfault_platform_coredump_prepare_async(USER_CHUNK_SIZE)) {
      board_wait_for_interrupt();
      waits++;
      continue;
    }
    const int reads_before = s_reads.count;
    if (!try_send_memfault_data(USER_CHUNK_SIZE)) {
      break;
    }
    rules_kept = rules_kept && s_reads.count == reads_before + 1;
  }
  expect(waits > 0, "async: the flash was slower than the transport");
  expect(rules_kept, "async: each chunk made exactly one read");
  expect(s_reads.longest < USER_CHUNK_SIZE, "async: no read was longer than the chunk");
  expect(s_reads.out_of_order == 0, "async: the storage was read from front to back");
  expect(dump_arrived(), "async: the dump arrived and was cleared");
}

int main(void) {
  board_init();
  MEMFAULT_LOG_RAW("== %s", g_example_name);
  expect(memfault_platform_boot() == 0, "the SDK boots");
  for (size_t i = 0; i < sizeof(s_dump); i++) {
    s_dump[i] = (uint8_t)(i * 7 + (i >> 8));
  }

  /* The power-on report of the boot above; the checks below start from nothing. */
  while (try_send_memfault_data(USER_CHUNK_SIZE)) {
  }
  check_basic_mode();
  check_advanced_mode();
  check_async_mode();
  expect(!memfault_packetizer_data_available(), "nothing is left");

  MEMFAULT_LOG_RAW("%d passed, %d failed", s_passed, s_failed);
  return (s_failed == 0) ? 0 : 1;
}
