/*
 * Metrics: numbers about the life of the device, sent all together as a heartbeat each period, and
 * about single jobs, sent as a session when the job ends (spec 40). The device is a door lock with
 * 20 metrics of its own (config/memfault_metrics_heartbeat_config.def), set in lock.c; the
 * heartbeat's period comes from a timer interrupt (heartbeat_timer.c).
 *
 * The firmware breaks down in the middle of a job, restarts, reports the job that was cut short,
 * and then lives through three heartbeats.
 *
 * Run:    scripts/qemu-run.sh mps2-an385 <build folder>/heartbeat | tee uart.log
 *         mflt decode uart.log --elf <build folder>/heartbeat --format table
 * Prints: before each heartbeat its metrics as the device sees them, and after it the chunks, as
 *         "MC:<base64>:" lines. `mflt decode` shows the same names and values: the chunks carry
 *         the values only, names and scales come from the ELF file.
 */
#include "board.h"
#include "example.h"
#include "heartbeat_timer.h"
#include "lock.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/metrics/battery.h"
#include "memfault/metrics/metrics.h"

#define HEARTBEATS 3

const char g_example_name[] = "heartbeat";

/* Metrics come last: they need reboot tracking and a place for events. */
static int boot_metrics(void) {
  const sMemfaultMetricBootInfo boot_info = {
    .unexpected_reboot_count = (uint32_t)memfault_reboot_tracking_get_crash_count(),
  };
  const int rv = memfault_metrics_boot(example_event_storage(), &boot_info);
  if (rv != 0) {
    return rv;
  }
  memfault_reboot_tracking_reset_crash_count(); /* the next heartbeat reports it */
  memfault_metrics_battery_boot();
  return 0;
}

/* Sends everything that waits. */
static void drain(void) {
  static uint8_t s_packet[244];
  size_t len = sizeof(s_packet);
  while (memfault_packetizer_get_chunk(s_packet, &len)) {
    user_transport_send_chunk_data(s_packet, len);
    len = sizeof(s_packet);
  }
}

int main(void) {
  board_init();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)board_boot_count(), g_example_name);
  if (memfault_platform_boot() != 0 || boot_metrics() != 0) {
    return 1;
  }
  MEMFAULT_LOG_RAW("== drain after boot");
  drain();

  if (board_boot_count() == 1) {
    MEMFAULT_LOG_INFO("Restarting in the middle of an update, as after a failed assertion");
    lock_begin_update();
    MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_Assert);
    memfault_platform_reboot();
  }

  for (int round = 0; round < HEARTBEATS; round++) {
    MEMFAULT_LOG_RAW("== round %d", round + 1);
    if (lock_live_through(round) != 0) {
      return 2;
    }
    /* The values of a session stay until it starts again. */
    memfault_metrics_all_sessions_debug_print();
    while (!heartbeat_timer_poll()) {
      board_wait_for_interrupt();
    }
    MEMFAULT_LOG_RAW("== drain after heartbeat %d", round + 1);
    drain();
    if (memfault_event_storage_bytes_used() != 0) {
      return 3;
    }
  }
  MEMFAULT_LOG_RAW("== end");
  return 0;
}
