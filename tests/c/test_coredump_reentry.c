/*
 * Hooks that call the library again: a storage that logs, sends, or crashes while a coredump is
 * saved, sent or cleared. Afterwards there is no coredump or a complete one.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_image.h"
#include "coredump_storage.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/trace_event.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"
#include "memfault/util/crc16.h"

static unsigned s_log_lines;
static void (*s_on_log)(void);

void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
  s_log_lines++;
  void (*hook)(void) = s_on_log;
  s_on_log = NULL;
  if (hook != NULL) {
    hook();
  }
}

static uint8_t s_memory[260];
static const uint32_t s_regs[19] = { 9, 8, 7 };
static const sMfltCoredumpRegion s_region = { kMfltCoredumpRegionType_Memory, s_memory,
                                              sizeof(s_memory) };

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 1;
  return &s_region;
}

static bool save(eMemfaultRebootReason reason) {
  const sMemfaultCoredumpSaveInfo info = {
    .regs = s_regs,
    .regs_size = sizeof(s_regs),
    .trace_reason = reason,
    .regions = &s_region,
    .num_regions = 1,
  };
  return memfault_coredump_save(&info);
}

static bool is_stored(eMemfaultRebootReason reason) {
  const coredump_block_t found =
    coredump_find(g_storage.bytes, g_storage.size, kMfltCoredumpRegionType_TraceReason, 0);
  return coredump_is_well_formed(g_storage.bytes, g_storage.size) && found.payload != NULL &&
         found.payload[0] == (reason & 0xff) && found.payload[1] == reason >> 8;
}

/* ---- The receiving side: messages with a coredump, as they are encoded ---- */

static uint8_t s_message[STORAGE_MAX];
static size_t s_received;
static unsigned s_messages;
static coredump_image_t s_expected;
static unsigned s_wrong_messages;

/* The message is the run-length encoded content of the storage before it was cleared. */
static bool message_is(const uint8_t *image, size_t len) {
  size_t at = 1;
  size_t done = 0;
  while (s_message[0] == 0x81 && at < s_received) {
    uint32_t code = 0;
    for (unsigned shift = 0; shift < 28 && at < s_received; shift += 7) {
      code |= (uint32_t)(s_message[at] & 0x7f) << shift;
      if ((s_message[at++] & 0x80) == 0) {
        break;
      }
    }
    const bool literal = (code & 1) != 0;
    const size_t count = literal ? code / 2 + 1 : code / 2;
    for (size_t i = 0; i < count; i++, done++) {
      const size_t from = literal ? at + i : at;
      if (done >= len || from >= s_received || s_message[from] != image[done]) {
        return false;
      }
    }
    at += literal ? count : 1;
  }
  return done == len;
}

static void receive(const uint8_t *chunk, size_t len) {
  size_t at = 1;
  const bool last = (chunk[0] & 0x40) == 0;
  if ((chunk[0] & 0x80) == 0) {
    s_received = 0;
  }
  while (chunk[0] != 0x08 && (chunk[at++] & 0x80) != 0) {
  }
  const size_t data_len = len - at - (last ? 2 : 0);
  CHECK(s_received + data_len <= sizeof(s_message));
  memcpy(&s_message[s_received], &chunk[at], data_len);
  s_received += data_len;
  if (last) {
    const uint16_t crc = memfault_crc16_compute(0, s_message, s_received);
    CHECK_EQ(chunk[len - 2] | (chunk[len - 1] << 8), crc);
    s_messages++;
    s_wrong_messages += s_expected.len != 0 && !message_is(s_expected.bytes, s_expected.len);
  }
}

static bool send_chunk(void) {
  uint8_t chunk[50];
  size_t len = sizeof(chunk);
  if (!memfault_packetizer_get_chunk(chunk, &len)) {
    return false;
  }
  receive(chunk, len);
  return true;
}

/* A message that was given up looks once as if there were nothing. */
static void send_all(void) {
  for (int nothing = 0, chunks = 0; nothing < 2 && chunks < 100; chunks++) {
    nothing = send_chunk() ? 0 : nothing + 1;
  }
  CHECK(!memfault_packetizer_data_available());
}

/* Sends what is stored, and compares. */
static bool sends_what_is_stored(void) {
  uint8_t image[STORAGE_MAX];
  const uint32_t len = coredump_open(g_storage.bytes, g_storage.size).len;
  memcpy(image, g_storage.bytes, len);
  s_messages = 0;
  send_all();
  return len != 0 && s_messages == 1 && message_is(image, len);
}

/* ---- While a coredump is saved ---- */

static void log_a_line(void) {
  MEMFAULT_LOG_ERROR("the storage is slow: %d ms", 12);
}

static bool s_found;
static bool s_nested_saved;

static void look_and_send(void) {
  size_t size = 0;
  s_found = memfault_coredump_has_valid_coredump(&size) || send_chunk();
}

static void crash(void) {
  s_nested_saved = save(kMfltRebootReason_SoftwareWatchdog);
}

static void crash_and_fail(void) {
  g_storage.fail_write = g_storage.writes + 3;
  crash();
}

static void test_storage_that_logs(void) {
  void (**const hooks[])(void) = { &g_storage.on_read, &g_storage.on_write, &g_storage.on_erase };
  for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
    storage_reset(STORAGE_MAX);
    s_log_lines = 0;
    *hooks[i] = log_a_line;
    CHECK(save(kMfltRebootReason_HardFault));
    CHECK_EQ(s_log_lines, 1);
    CHECK(is_stored(kMfltRebootReason_HardFault));
  }
}

/* What is not complete is not sent. */
static void test_storage_that_sends(void) {
  void (**const hooks[])(void) = { &g_storage.on_read, &g_storage.on_write, &g_storage.on_erase };
  for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
    storage_reset(STORAGE_MAX);
    s_found = true;
    *hooks[i] = look_and_send;
    CHECK(save(kMfltRebootReason_HardFault));
    CHECK(!s_found);
    CHECK(is_stored(kMfltRebootReason_HardFault));
    CHECK(sends_what_is_stored());
  }
}

static unsigned s_calls_before;
static void (*s_later)(void);

/* Calls `s_later` at one certain write. */
static void count_down(void) {
  if (s_calls_before-- > 0) {
    g_storage.on_write = count_down;
  } else {
    s_later();
  }
}

static unsigned writes_of_a_save(void) {
  storage_reset(STORAGE_MAX);
  CHECK(save(kMfltRebootReason_HardFault));
  return g_storage.writes;
}

/* A crash inside the handler of a crash, at each write: the second one is saved, and the first,
 * if it goes on, cannot write where something is. */
static void test_crash_while_saving(void) {
  const unsigned writes = writes_of_a_save();
  for (unsigned at = 0; at < writes; at++) {
    storage_reset(STORAGE_MAX);
    g_storage.write_once = true;
    s_calls_before = at;
    s_later = crash;
    g_storage.on_write = count_down;
    CHECK(!save(kMfltRebootReason_HardFault));
    CHECK(s_nested_saved);
    CHECK(is_stored(kMfltRebootReason_SoftwareWatchdog));
    CHECK(storage_kept_its_limits());
    CHECK(sends_what_is_stored());
  }
}

/* The second one erases and then fails. Saving is not reentrant: if the first one goes on all
 * the same, it presents a coredump without its own beginning. It stays within the storage, and
 * does not block it. */
static void test_crash_while_saving_that_fails(void) {
  const unsigned writes = writes_of_a_save();
  for (unsigned at = 0; at < writes; at++) {
    storage_reset(STORAGE_MAX);
    g_storage.write_once = true;
    s_calls_before = at;
    s_later = crash_and_fail;
    g_storage.on_write = count_down;
    const bool saved = save(kMfltRebootReason_HardFault);
    CHECK(!s_nested_saved);
    CHECK_EQ(memfault_coredump_has_valid_coredump(NULL), saved);
    CHECK(storage_kept_its_limits());
    memfault_platform_coredump_storage_clear();
    storage_forget();
    CHECK(save(kMfltRebootReason_SoftwareWatchdog));
    CHECK(is_stored(kMfltRebootReason_SoftwareWatchdog));
    CHECK(sends_what_is_stored());
  }
}

/* ---- While a coredump is sent ---- */

/* Refused: the storage is in use, and what was begun is sent to its end. */
static void test_crash_while_sending(void) {
  for (int chunks = 0; chunks < 4; chunks++) {
    uint8_t image[STORAGE_MAX];
    storage_reset(STORAGE_MAX);
    CHECK(save(kMfltRebootReason_HardFault));
    memcpy(image, g_storage.bytes, sizeof(image));
    s_messages = 0;
    for (int i = 0; i < chunks; i++) {
      CHECK(send_chunk());
    }
    CHECK(!save(kMfltRebootReason_SoftwareWatchdog));
    send_all();
    CHECK_EQ(s_messages, 1);
    CHECK(message_is(image, coredump_open(image, sizeof(image)).len));
    CHECK(save(kMfltRebootReason_SoftwareWatchdog));
  }
}

static unsigned s_reads_before;

static void count_down_reads(void) {
  if (s_reads_before-- > 0) {
    g_storage.on_read = count_down_reads;
  } else {
    s_later();
  }
}

static unsigned s_reads_at_clear;

static void note_reads(void) {
  s_reads_at_clear = g_storage.reads;
}

/* From the first question whether there is a coredump until it is cleared. */
static unsigned reads_of_a_drain(void) {
  storage_reset(STORAGE_MAX);
  CHECK(save(kMfltRebootReason_HardFault));
  const unsigned before = g_storage.reads;
  g_storage.on_clear = note_reads;
  send_all();
  return s_reads_at_clear - before;
}

static void test_crash_in_each_read(void) {
  const unsigned reads = reads_of_a_drain();
  for (unsigned at = 0; at < reads; at++) {
    storage_reset(STORAGE_MAX);
    CHECK(save(kMfltRebootReason_HardFault));
    s_reads_before = at;
    s_later = crash;
    g_storage.on_read = count_down_reads;
    s_nested_saved = true;
    CHECK(sends_what_is_stored());
    CHECK(!s_nested_saved && g_storage.on_read == NULL);
    CHECK_EQ(g_storage.clears, 1);
  }
}

/* The message is given up, the coredump stays and is sent again. */
static void test_abort_in_each_read(void) {
  const unsigned reads = reads_of_a_drain();
  for (unsigned at = 0; at < reads; at++) {
    uint8_t image[STORAGE_MAX];
    storage_reset(STORAGE_MAX);
    CHECK(save(kMfltRebootReason_HardFault));
    memcpy(image, g_storage.bytes, sizeof(image));
    s_messages = 0;
    s_wrong_messages = 0;
    s_expected = coredump_open(image, sizeof(image));
    s_reads_before = at;
    s_later = memfault_packetizer_abort;
    g_storage.on_read = count_down_reads;
    send_all();
    CHECK_EQ(g_storage.clears, 1);
    CHECK_EQ(s_messages, 1);
    CHECK_EQ(s_wrong_messages, 0);
    CHECK(g_storage.on_read == NULL);
  }
  s_expected.len = 0;
}

static void ask_for_data(void) {
  s_found = memfault_packetizer_data_available();
}

static void test_read_hook_that_asks_the_packetizer(void) {
  const unsigned reads = reads_of_a_drain();
  for (unsigned at = 0; at < reads; at++) {
    storage_reset(STORAGE_MAX);
    CHECK(save(kMfltRebootReason_HardFault));
    s_reads_before = at;
    s_later = ask_for_data;
    g_storage.on_read = count_down_reads;
    CHECK(sends_what_is_stored());
    CHECK(g_storage.on_read == NULL);
  }
}

/* ---- While it is cleared ---- */

static void clear_and_crash(void) {
  g_storage.bytes[0] = 0;
  crash();
  /* The storage goes on with what it had begun: it is about to write the same byte once more. */
  g_storage.on_clear = NULL;
}

static void test_crash_while_clearing(void) {
  storage_reset(STORAGE_MAX);
  CHECK(save(kMfltRebootReason_HardFault));
  g_storage.on_clear = crash; /* it is still there: refused */
  s_nested_saved = true;
  CHECK(sends_what_is_stored());
  CHECK(!s_nested_saved);
  CHECK(save(kMfltRebootReason_HardFault));

  g_storage.on_clear = clear_and_crash; /* saved, then destroyed by the rest of the clear hook */
  CHECK(sends_what_is_stored());
  CHECK(s_nested_saved);
  CHECK(!memfault_coredump_has_valid_coredump(NULL));
  CHECK(save(kMfltRebootReason_SoftwareWatchdog));
  CHECK(is_stored(kMfltRebootReason_SoftwareWatchdog));
  CHECK(sends_what_is_stored());
}

/* ---- Logs ---- */

static void test_log_hook_that_crashes(void) {
  storage_reset(1); /* too small, which is logged */
  s_on_log = crash;
  s_nested_saved = true;
  CHECK(!memfault_coredump_storage_check_size());
  CHECK(!s_nested_saved);

  storage_reset(STORAGE_MAX);
  CHECK(memfault_coredump_storage_debug_test_begin());
  s_on_log = crash;
  CHECK(memfault_coredump_storage_debug_test_finish());
  CHECK(s_nested_saved);
  CHECK(is_stored(kMfltRebootReason_SoftwareWatchdog));
}

int main(void) {
  board_init();
  for (size_t i = 0; i < sizeof(s_memory); i++) {
    s_memory[i] = i < 100 ? (uint8_t)(i * 37) : 6;
  }
  test_storage_that_logs();
  test_storage_that_sends();
  test_crash_while_saving();
  test_crash_while_saving_that_fails();
  test_crash_while_sending();
  test_crash_in_each_read();
  test_abort_in_each_read();
  test_read_hook_that_asks_the_packetizer();
  test_crash_while_clearing();
  test_log_hook_that_crashes();
  check_finish();
}
