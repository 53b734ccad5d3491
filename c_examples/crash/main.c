/*
 * A firmware that crashes, for real, and tells afterwards (spec 50): the processor finds a mistake,
 * the SDK's fault handler writes registers, stack and variables to RAM that a reset does not touch,
 * and restarts the chip. The next boot sends coredump, reason of the reboot and a heartbeat,
 * and then makes the next mistake (crashes.c), until all are made.
 *
 * Run:    scripts/qemu-run.sh mps2-an385 <build folder>/crash | tee uart.log
 *         scripts/qemu-run.sh mps2-an385 <build folder>/crash stack_overflow    only this one
 *         mflt decode uart.log --elf <build folder>/crash --format text
 * Prints: "== crash <kind>" before each crash, and after it, in the next boot, the chunks as
 *         "MC:<base64>:" lines. "== survived <kind>" where the processor did not mind.
 */
#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "board_faults.h"
#include "crashes.h"
#include "example.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/timer.h"
#include "memfault/panics/coredump.h"

const char g_example_name[] = "crash";

/* Which crash comes next, over all the resets. Nothing before power-on: see board_boot_count(). */
static size_t s_next_crash __attribute__((section(".noinit.crash_next")));

/* No timer: each boot makes one heartbeat. A product has a timer, like the example heartbeat. */
bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  return true;
}

static int boot_metrics(void) {
  const sMemfaultMetricBootInfo boot_info = {
    .unexpected_reboot_count = (uint32_t)memfault_reboot_tracking_get_crash_count(),
  };
  const int rv = memfault_metrics_boot(example_event_storage(), &boot_info);
  memfault_reboot_tracking_reset_crash_count();
  return rv;
}

static void make_heartbeat(void) {
  size_t coredump_bytes = 0;
  memfault_coredump_has_valid_coredump(&coredump_bytes);
  MEMFAULT_METRIC_SET_UNSIGNED(boots, board_boot_count());
  MEMFAULT_METRIC_SET_UNSIGNED(coredump_bytes, (uint32_t)coredump_bytes);
  memfault_metrics_heartbeat_debug_trigger();
}

/* Sends everything that waits. With the last chunk of the coredump its storage is free again. */
static void drain(void) {
  static uint8_t s_packet[244];
  size_t len = sizeof(s_packet);
  while (memfault_packetizer_get_chunk(s_packet, &len)) {
    user_transport_send_chunk_data(s_packet, len);
    len = sizeof(s_packet);
  }
}

/* The index of the crash that the command line asks for, or all of them (crash_count()). */
static size_t wanted_crash(void) {
  const char *const argument = strstr(board_command_line(), " ");
  if (argument == NULL) {
    return crash_count();
  }
  size_t index = 0;
  while (index < crash_count() && strcmp(argument + 1, crash_name(index)) != 0) {
    index++;
  }
  return index;
}

static bool is_next(size_t wanted) {
  if (wanted == crash_count()) {
    return s_next_crash < crash_count();
  }
  if (board_boot_count() == 1) {
    s_next_crash = wanted;
  }
  return s_next_crash == wanted;
}

int main(void) {
  board_init();
  board_enable_fault_traps();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)board_boot_count(), g_example_name);
  if (memfault_platform_boot() != 0 || boot_metrics() != 0) {
    return 1;
  }
  if (!memfault_coredump_storage_check_size()) {
    return 2;
  }
  make_heartbeat();
  MEMFAULT_LOG_RAW("== drain");
  drain();

  if (board_boot_count() == 1) {
    s_next_crash = 0;
  }
  const size_t wanted = wanted_crash();
  while (is_next(wanted)) {
    const size_t index = s_next_crash++;
    MEMFAULT_LOG_RAW("== crash %s", crash_name(index));
    crash_now(index);
    MEMFAULT_LOG_RAW("== survived %s", crash_name(index));
  }
  MEMFAULT_LOG_RAW("== end");
  return 0;
}
