/*
 * The SDK's demo shell on a UART (spec 70): a person types commands that record events, crash the
 * device and send what was recorded. The device restarts after each crash and goes on.
 *
 * Run:    scripts/qemu-run.sh -i mps2-an385 <build folder>/shell
 *         Type help. Try: test_trace hello, test_log, export, test_hardfault, get_core, export,
 *         exit.
 *         With -o uart.log the chunks can be decoded afterwards:
 *         mflt decode uart.log --elf <build folder>/shell --format text
 * Prints: the prompt "mflt> ", and what the commands print.
 */
#include <stdint.h>

#include "board.h"
#include "board_faults.h"
#include "example.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/log.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/demo/shell.h"
#include "memfault/demo/shell_commands.h"
#include "memfault/metrics/metrics.h"

const char g_example_name[] = "shell";

static uint8_t s_log_storage[512];

static int boot_metrics(void) {
  const sMemfaultMetricBootInfo boot_info = {
    .unexpected_reboot_count = (uint32_t)memfault_reboot_tracking_get_crash_count(),
  };
  const int rv = memfault_metrics_boot(example_event_storage(), &boot_info);
  memfault_reboot_tracking_reset_crash_count();
  return rv;
}

/* A command of this firmware, as any product has some. */
static int exit_emulator(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  board_exit(0);
}

static const sMemfaultShellCommand s_own_commands[] = {
  { .command = "exit", .handler = exit_emulator, .help = "End the emulation" },
};

static int send_char(char c) {
  board_uart_putc(c);
  return 1;
}

int main(void) {
  board_init();
  board_enable_fault_traps();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)board_boot_count(), g_example_name);
  memfault_log_boot(s_log_storage, sizeof(s_log_storage));
  if (memfault_platform_boot() != 0 || boot_metrics() != 0) {
    return 1;
  }

  memfault_shell_command_set_extensions(s_own_commands, MEMFAULT_ARRAY_SIZE(s_own_commands));
  const sMemfaultShellImpl shell = { .send_char = send_char };
  memfault_demo_shell_boot(&shell);
  while (1) {
    const int c = board_uart_getc();
    if (c >= 0) {
      memfault_demo_shell_receive_char((char)c);
    } else {
      board_wait_for_interrupt();
    }
  }
}
