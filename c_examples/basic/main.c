/*
 * Basic mode: memfault_packetizer_get_chunk() fills a buffer of the transport's packet size, and
 * every "true" is one complete chunk to send (spec 10 section 11.1).
 *
 * The firmware boots, restarts on purpose and boots again. The second boot finds in retained RAM
 * why the first one ended. It then records trace events and drains them, once per packet size.
 *
 * Run:    scripts/demo.sh
 * Prints: log lines, and between them one "MC:<base64>:" line per chunk. `mflt decode` turns these
 *         lines into JSON.
 */
#include <stdbool.h>

#include "board.h"
#include "example.h"
#include "memfault/core/data_export.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"

const char g_example_name[] = "basic";

static uint8_t s_packet[EXAMPLE_MAX_MTU];

/* Sends everything that waits, in packets of at most `mtu` bytes. Returns the number of packets. */
static int drain(size_t mtu) {
  int packets = 0;
  size_t len = mtu;
  while (memfault_packetizer_get_chunk(s_packet, &len)) {
    user_transport_send_chunk_data(s_packet, len);
    packets++;
    len = mtu; /* it came back as the length of the chunk */
  }
  return packets;
}

int main(void) {
  board_init();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)board_boot_count(), g_example_name);
  if (memfault_platform_boot() != 0) {
    return 1;
  }

  if (board_boot_count() == 1) {
    /* Events live in RAM that is cleared at boot, so send what there is before the restart. */
    MEMFAULT_LOG_RAW("== drain before restart, packets of 244");
    drain(244);
    MEMFAULT_LOG_INFO("Restarting, as after a firmware update");
    MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_FirmwareUpdate);
    memfault_platform_reboot();
  }

  static const size_t mtus[] = EXAMPLE_MTUS;
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(mtus); i++) {
    if (example_record_events() != 0) {
      return 2;
    }
    MEMFAULT_LOG_RAW("== drain, packets of %d", (int)mtus[i]);
    const int packets = drain(mtus[i]);
    MEMFAULT_LOG_INFO("Sent %d packets", packets);
    if (packets == 0 || memfault_event_storage_bytes_used() != 0) {
      return 3;
    }
  }

  /* The same in one call: the SDK makes the lines itself and prints them as log lines. */
  if (example_record_events() != 0) {
    return 4;
  }
  MEMFAULT_LOG_RAW("== drain through the log");
  memfault_data_export_dump_chunks();
  MEMFAULT_LOG_RAW("== end");
  return memfault_packetizer_data_available() ? 5 : 0;
}
