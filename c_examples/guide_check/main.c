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
#include "memfault/core/debug_log.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/trace_event.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"
#include "memfault/panics/platform/coredump.h"
#include "receiver.h"
#include "slow_flash.h"

const char g_example_name[] = "guide_check";

#define USER_CHUNK_SIZE 48
#define PREFETCH_LEN 128
#define MEMORY_LEN 400
#define MESSAGE_TYPE_COREDUMP 1
#define MESSAGE_TYPE_EVENT 2
#define CHUNK_CONTINUATION 0x80u

static int s_passed;
static int s_failed;
static receiver_t s_receiver;
static uint8_t s_memory[MEMORY_LEN];

/* What the packetizer read since new_dump(). Before it takes a coredump it reads the header. */
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

/* ---- storage: a coredump in slow flash, with a prefetch buffer in front ---------------------- */

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

static bool user_coredump_storage_read_async(uint32_t offset, void *buf, size_t len) {
  return slow_flash_read(offset, buf, len, on_prefetched);
}

/* True: a flash read was started, or is still running; the next chunk has to wait for it. */
static bool memfault_platform_coredump_prepare_async(size_t next_chunk_size) {
  if (s_prefetch.busy) {
    return true;
  }
  sMfltCoredumpStorageInfo info = { 0 };
  memfault_platform_coredump_storage_get_info(&info);
  const uint32_t start = s_prefetch.first + s_prefetch.taken;
  const uint32_t rest = (uint32_t)info.size - start;
  if (s_prefetch.available - s_prefetch.taken >= MEMFAULT_MIN(next_chunk_size, rest)) {
    return false;
  }
  s_prefetch.first = start;
  s_prefetch.available = MEMFAULT_MIN(PREFETCH_LEN, rest);
  s_prefetch.taken = 0;
  s_prefetch.busy = true;
  return user_coredump_storage_read_async(start, s_prefetch.bytes, s_prefetch.available);
}

static bool read_prefetched(uint32_t offset, void *data, size_t read_len) {
  const uint32_t end = s_prefetch.first + s_prefetch.available;
  if (s_prefetch.busy || offset < s_prefetch.first || offset > end || read_len > end - offset) {
    return false;
  }
  s_prefetch.taken = offset - s_prefetch.first;
  memcpy(data, &s_prefetch.bytes[s_prefetch.taken], read_len);
  s_prefetch.taken += (uint32_t)read_len;
  return true;
}

/* In the two modes that do not prefetch, the packetizer waits for the flash. */
static bool s_async;

/* The packetizer reads coredumps through this hook, and firmware may bring its own. */
bool memfault_coredump_read(uint32_t offset, void *data, size_t read_len) {
  s_reads.count++;
  s_reads.out_of_order += (offset != s_reads.next_offset && offset != 0) ? 1 : 0;
  s_reads.next_offset = offset + (uint32_t)read_len;
  s_reads.longest = MEMFAULT_MAX(s_reads.longest, read_len);
  return s_async ? read_prefetched(offset, data, read_len)
                 : slow_flash_read_now(offset, data, read_len);
}

/* All sent: what is prefetched now looks like an erased flash, and the flash like one without a
 * coredump. */
void memfault_platform_coredump_storage_clear(void) {
  memset(&s_prefetch, 0, sizeof(s_prefetch));
  s_prefetch.available = PREFETCH_LEN;
  const uint8_t spoiled = 0;
  slow_flash_program(0, &spoiled, sizeof(spoiled));
}

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  info->size = SLOW_FLASH_SIZE;
  info->sector_size = SLOW_FLASH_SIZE;
}

/* Saving goes past the hook above: this is called by memfault_coredump_save() only. */
bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  return slow_flash_read_now(offset, data, read_len);
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data,
                                              size_t data_len) {
  return slow_flash_program(offset, data, data_len);
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  slow_flash_erase();
  return offset == 0 && erase_size == SLOW_FLASH_SIZE;
}

/* For memfault_fault_handler(), which nothing calls here: this program saves without a crash, so
 * that it runs on the host too. The example `async` crashes. */
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 0;
  return NULL;
}

/* ---- a coredump to send ---------------------------------------------------------------------- */

/* The coredump as it is in the flash, and its size. */
static uint8_t s_dump[SLOW_FLASH_SIZE];
static size_t s_dump_len;

static bool coredump_waits(void) {
  size_t size = 0;
  s_async = false;
  return memfault_coredump_has_valid_coredump(&size) && size == s_dump_len;
}

static void new_dump(bool async) {
  static const uint32_t s_registers[19] = { 0x11111111, 0x22222222 };
  for (size_t i = 0; i < sizeof(s_memory); i++) {
    s_memory[i] = (uint8_t)(i * 7 + (i >> 8));
  }
  const sMfltCoredumpRegion region =
    MEMFAULT_COREDUMP_MEMORY_REGION_INIT(s_memory, sizeof(s_memory));
  const sMemfaultCoredumpSaveInfo info = {
    .regs = s_registers,
    .regs_size = sizeof(s_registers),
    .trace_reason = kMfltRebootReason_HardFault,
    .regions = &region,
    .num_regions = 1,
  };
  s_dump_len = memfault_coredump_get_save_size(&info);
  expect(memfault_coredump_save(&info) && coredump_waits(), "a coredump is saved");
  slow_flash_read_now(0, s_dump, s_dump_len);

  s_async = async;
  memset(&s_reads, 0, sizeof(s_reads));
  memset(&s_prefetch, 0, sizeof(s_prefetch));
  memset(&s_receiver, 0, sizeof(s_receiver));
}

static bool dump_arrived(void) {
  return s_receiver.complete == 1 && s_receiver.errors == 0 && !coredump_waits() &&
         s_receiver.message_len == 1 + s_dump_len &&
         s_receiver.message[0] == MESSAGE_TYPE_COREDUMP &&
         memcmp(&s_receiver.message[1], s_dump, s_dump_len) == 0;
}

static bool s_sent_first_chunk; /* the last chunk was the first of its message */

static void send_chunk(uint8_t *chunk, size_t chunk_len) {
  s_sent_first_chunk = (chunk[0] & CHUNK_CONTINUATION) == 0;
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
  expect(dump_arrived(), "basic: each chunk is complete, and together they are the coredump");

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

/* One chunk: its header, the message header, the coredump, the checksum. */
static uint8_t s_socket[1 + 1 + RECEIVER_MAX_MESSAGE + 2];
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
  expect(sent && announced_len == s_socket_len && s_socket_len == 4 + s_dump_len,
         "advanced: the length of the chunk is known before its first byte");
  send_chunk(s_socket, MEMFAULT_MIN(s_socket_len, sizeof(s_socket)));
  expect(dump_arrived(), "advanced: the pieces together are one chunk");
  expect(!send_memfault_data_multi_part(&announced_len), "advanced: begin() tells the end");
}

/* ---- asynchronous mode ---------------------------------------------------------------------- */

static void check_async_mode(void) {
  new_dump(true);
  bool rules_kept = true;
  int waits = 0;
  while (1) {
    if (memfault_platform_coredump_prepare_async(USER_CHUNK_SIZE)) {
      board_wait_for_interrupt();
      waits++;
      continue;
    }
    const int reads_before = s_reads.count;
    const size_t received_before = s_receiver.received;
    if (!try_send_memfault_data(USER_CHUNK_SIZE)) {
      break;
    }
    /* The last chunk may hold the checksum alone. */
    const bool has_data = s_sent_first_chunk || s_receiver.received > received_before;
    const int header_reads = s_sent_first_chunk ? 1 : 0;
    rules_kept = rules_kept && s_reads.count == reads_before + header_reads + (has_data ? 1 : 0);
  }
  expect(waits > 0, "async: the flash was slower than the transport");
  expect(rules_kept, "async: each chunk made exactly one read");
  expect(s_reads.longest < USER_CHUNK_SIZE, "async: no read was longer than the chunk");
  expect(s_reads.out_of_order == 0, "async: the storage was read from front to back");
  expect(dump_arrived(), "async: the coredump arrived and was cleared");
}

int main(void) {
  board_init();
  MEMFAULT_LOG_RAW("== %s", g_example_name);
  expect(memfault_platform_boot() == 0, "the SDK boots");
  /* The power-on report of the boot above; the checks below start from nothing. */
  slow_flash_erase();
  while (try_send_memfault_data(USER_CHUNK_SIZE)) {
  }
  check_basic_mode();
  check_advanced_mode();
  check_async_mode();
  expect(!memfault_packetizer_data_available(), "nothing is left");

  MEMFAULT_LOG_RAW("%d passed, %d failed", s_passed, s_failed);
  return (s_failed == 0) ? 0 : 1;
}
