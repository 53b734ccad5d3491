/*
 * Advanced mode: one chunk holds a whole message and is produced piece by piece through a small
 * buffer (spec 10 section 11.2). Meant for transports that take a message of any length but want
 * to know the length first, such as an HTTP POST with its Content-Length.
 *
 * The firmware boots, runs out of something, restarts, and drains with pieces of several sizes.
 * Once the connection "breaks" in the middle: the message is aborted and sent again from its start.
 *
 * Run:    scripts/qemu-run.sh mps2-an385 <build folder>/advanced
 * Prints: log lines, and between them one "MC:<base64>:" line per message.
 */
#include <stdbool.h>

#include "board.h"
#include "example.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"

const char g_example_name[] = "advanced";

static const sMemfaultPacketizerConfig s_whole_messages = { .enable_multi_packet_chunk = true };

static uint8_t s_piece[EXAMPLE_MAX_MTU];

/* What became of a message. */
typedef enum {
  kSend_Done,
  kSend_NothingToSend,
  kSend_Failed,
} eSend;

/* Sends one message in pieces of at most `piece_size` bytes and checks that it has the length that
 * was announced. */
static eSend send_message(size_t piece_size) {
  sMemfaultPacketizerMetadata metadata;
  if (!memfault_packetizer_begin(&s_whole_messages, &metadata)) {
    return kSend_NothingToSend;
  }
  if (metadata.send_in_progress) {
    return kSend_Failed; /* the rest of a chunk is not a chunk: its start has to be sent again */
  }

  /* This is the place to open the connection and announce the length. */
  const uint32_t announced = metadata.single_chunk_message_length;
  uint32_t sent = 0;
  chunk_line_t line;
  chunk_line_begin(&line);
  eMemfaultPacketizerStatus status = kMemfaultPacketizerStatus_MoreDataForChunk;
  while (status == kMemfaultPacketizerStatus_MoreDataForChunk) {
    size_t len = piece_size;
    status = memfault_packetizer_get_next(s_piece, &len);
    chunk_line_append(&line, s_piece, len);
    sent += len;
  }
  chunk_line_end(&line);

  if (status != kMemfaultPacketizerStatus_EndOfChunk || sent != announced) {
    MEMFAULT_LOG_ERROR("Announced %d bytes, sent %d", (int)announced, (int)sent);
    return kSend_Failed;
  }
  return kSend_Done;
}

/* Sends everything that waits. Returns the number of messages, or -1 on failure. */
static int drain(size_t piece_size) {
  int messages = 0;
  eSend result = send_message(piece_size);
  while (result == kSend_Done) {
    messages++;
    result = send_message(piece_size);
  }
  return (result == kSend_NothingToSend) ? messages : -1;
}

/* Plays a connection that breaks after 20 bytes. Returns 0 if the message waits again afterwards,
 * whole and from its first byte. */
static int lose_connection(void) {
  sMemfaultPacketizerMetadata metadata;
  if (!memfault_packetizer_begin(&s_whole_messages, &metadata)) {
    return -1;
  }
  const uint32_t whole = metadata.single_chunk_message_length;
  size_t len = 20;
  const eMemfaultPacketizerStatus status = memfault_packetizer_get_next(s_piece, &len);
  if (status != kMemfaultPacketizerStatus_MoreDataForChunk) {
    return -1;
  }

  /* Later, with a new connection: the packetizer is still in the middle. */
  if (!memfault_packetizer_begin(&s_whole_messages, &metadata) || !metadata.send_in_progress) {
    return -1;
  }
  memfault_packetizer_abort();
  if (!memfault_packetizer_begin(&s_whole_messages, &metadata) || metadata.send_in_progress) {
    return -1;
  }
  return (metadata.single_chunk_message_length == whole) ? 0 : -1;
}

int main(void) {
  board_init();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)board_boot_count(), g_example_name);
  if (memfault_platform_boot() != 0) {
    return 1;
  }

  if (board_boot_count() == 1) {
    MEMFAULT_LOG_RAW("== drain before restart, pieces of 20");
    if (drain(20) < 0) {
      return 2;
    }
    MEMFAULT_LOG_INFO("Restarting, as after an allocation that failed");
    MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_OutOfMemory);
    memfault_platform_reboot();
  }

  if (lose_connection() != 0) {
    return 3;
  }
  MEMFAULT_LOG_INFO("Connection lost after 20 bytes, message waits again");

  static const size_t piece_sizes[] = EXAMPLE_MTUS;
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(piece_sizes); i++) {
    if (example_record_events() != 0) {
      return 4;
    }
    MEMFAULT_LOG_RAW("== drain, pieces of %d", (int)piece_sizes[i]);
    const int messages = drain(piece_sizes[i]);
    MEMFAULT_LOG_INFO("Sent %d messages", messages);
    if (messages <= 0 || memfault_event_storage_bytes_used() != 0) {
      return 5;
    }
  }
  MEMFAULT_LOG_RAW("== end");
  return memfault_packetizer_data_available() ? 6 : 0;
}
