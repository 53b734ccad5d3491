/*
 * Asynchronous mode: the data lies in an external flash whose reads are started now and finish
 * later (spec 10 section 11.3). The packetizer reads a source from front to back, at most once per
 * chunk, and always less than a chunk. So the firmware fetches that much beforehand, sleeps until
 * it is there, and only then asks for the next chunk.
 *
 * Run:    scripts/qemu-run.sh mps2-an385 <build folder>/async
 * Prints: log lines, one "MC:<base64>:" line per chunk, and for each packet size how often the
 *         packetizer read. It fails if one chunk took two reads, if a read was not where the one
 *         before it ended, or if it asked for bytes that were not there yet.
 */
#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "coredump_image.h"
#include "example.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"
#include "slow_flash.h"

const char g_example_name[] = "async";

/* The coredump in the flash that waits to be sent; 0 = none. */
static uint32_t s_image_size;

/* The part of it that was fetched for the next chunk. */
static struct {
  uint8_t bytes[EXAMPLE_MAX_MTU];
  uint32_t start;
  size_t len;
  volatile bool loading;
} s_staged;

/* Where the packetizer goes on reading, and what it did so far. */
static struct {
  uint32_t next_offset;
  int reads;
  int jumps;    /* reads that did not start where the one before ended */
  int unstaged; /* reads of bytes that had not been fetched */
} s_source;

static bool image_has_more(size_t *next_msg_size) {
  *next_msg_size = s_image_size;
  return s_image_size != 0;
}

/* The packetizer's read hook: it cannot wait, so it may only copy what is staged. */
static bool image_read(uint32_t offset, void *buf, size_t buf_len) {
  s_source.reads++;
  s_source.jumps += (offset != s_source.next_offset) ? 1 : 0;
  s_source.next_offset = offset + (uint32_t)buf_len;
  if (s_staged.loading || offset < s_staged.start ||
      s_source.next_offset > s_staged.start + s_staged.len) {
    s_source.unstaged++;
    return false;
  }
  memcpy(buf, &s_staged.bytes[offset - s_staged.start], buf_len);
  return true;
}

static void image_mark_read(void) {
  s_image_size = 0;
  s_staged.len = 0;
  s_source.next_offset = 0;
}

/* Takes the place of the SDK's own coredump source. */
const sMemfaultDataSourceImpl g_memfault_coredump_data_source = {
  .has_more_msgs_cb = image_has_more,
  .read_msg_cb = image_read,
  .mark_msg_read_cb = image_mark_read,
};

static void on_flash_read_done(void) {
  s_staged.loading = false;
}

/* Makes sure that the bytes for the next chunk are there. True: a read is on its way, come back
 * after the next interrupt. False: go ahead. */
static bool stage_next_chunk(size_t mtu) {
  if (s_staged.loading) {
    return true;
  }
  const uint32_t start = s_source.next_offset;
  const size_t wanted = MEMFAULT_MIN(mtu, s_image_size - MEMFAULT_MIN(start, s_image_size));
  if (wanted == 0 || (s_staged.start == start && s_staged.len == wanted)) {
    return false; /* nothing left to fetch (events need no flash), or all of it here */
  }
  s_staged.start = start;
  s_staged.len = wanted;
  s_staged.loading = true;
  if (!slow_flash_read(start, s_staged.bytes, wanted, on_flash_read_done)) {
    s_staged.loading = false;
    s_staged.len = 0;
    return false;
  }
  return true;
}

/* Sends everything that waits, in packets of at most `mtu` bytes. Returns 0 on success. */
static int drain(size_t mtu) {
  static uint8_t s_packet[EXAMPLE_MAX_MTU];
  const uint32_t image_size = s_image_size;
  int packets = 0;
  int most_reads_per_packet = 0;
  int sleeps = 0;
  memset(&s_source, 0, sizeof(s_source));

  while (1) {
    if (stage_next_chunk(mtu)) {
      board_wait_for_interrupt(); /* real firmware does something useful in the meantime */
      sleeps++;
      continue;
    }
    const int reads_before = s_source.reads;
    size_t len = mtu;
    if (!memfault_packetizer_get_chunk(s_packet, &len)) {
      break;
    }
    most_reads_per_packet = MEMFAULT_MAX(most_reads_per_packet, s_source.reads - reads_before);
    user_transport_send_chunk_data(s_packet, len);
    packets++;
  }

  MEMFAULT_LOG_INFO("%d packets, %d flash reads for %d bytes, most per packet %d", packets,
                    s_source.reads, (int)image_size, most_reads_per_packet);
  MEMFAULT_LOG_INFO("%d jumps, %d unstaged reads, slept %d times", s_source.jumps,
                    s_source.unstaged, sleeps);
  const bool image_sent = s_image_size == 0 && (image_size == 0 || s_source.reads > 0);
  const bool kept_the_rules =
    most_reads_per_packet <= 1 && s_source.jumps == 0 && s_source.unstaged == 0;
  return (packets > 0 && image_sent && kept_the_rules) ? 0 : -1;
}

int main(void) {
  board_init();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)board_boot_count(), g_example_name);
  if (memfault_platform_boot() != 0) {
    return 1;
  }

  if (board_boot_count() == 1) {
    MEMFAULT_LOG_RAW("== drain before restart, packets of 244");
    if (drain(244) != 0) {
      return 2;
    }
    MEMFAULT_LOG_INFO("Restarting, as with an empty battery");
    MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_LowPower);
    memfault_platform_reboot();
  }

  static const size_t mtus[] = EXAMPLE_MTUS;
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(mtus); i++) {
    s_image_size = coredump_image_program();
    if (s_image_size == 0 || example_record_events() != 0) {
      return 3;
    }
    MEMFAULT_LOG_RAW("== drain, packets of %d", (int)mtus[i]);
    if (drain(mtus[i]) != 0) {
      return 4;
    }
  }
  MEMFAULT_LOG_RAW("== end");
  return memfault_packetizer_data_available() ? 5 : 0;
}
