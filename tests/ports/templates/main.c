/* Firmware made of ports/templates and a board: two lives with a crash in between.
 *
 * Prints: the boot of the SDK, then in the second life everything that was recorded, as
 * "MC:<base64>:" lines.
 */
#include <stdarg.h>
#include <stdio.h>

#include "board.h"
#include "memfault/components.h"

/* As small firmware often has it: newlib's own needs a heap for its streams. */
int printf(const char *fmt, ...) {
  char text[200];
  va_list args;
  va_start(args, fmt);
  const int len = vsnprintf(text, sizeof(text), fmt, args);
  va_end(args);
  for (const char *c = text; *c != '\0'; c++) {
    board_uart_putc(*c);
  }
  return len;
}

/* What a port of an operating system would bring; the template's are weak. */

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return board_uptime_ms();
}

static MemfaultPlatformTimerCallback *s_make_heartbeat;
bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  s_make_heartbeat = callback;
  return period_sec > 0;
}

void memfault_reboot_reason_get(sResetBootupInfo *info) {
  *info = (sResetBootupInfo){
    .reset_reason_reg = 0x42,
    .reset_reason = (board_boot_count() == 1) ? kMfltRebootReason_PowerOnReset
                                              : kMfltRebootReason_SoftwareReset,
  };
}

__attribute__((noinline)) static void lose_courage(int at_mm) {
  MEMFAULT_LOG_ERROR("too deep: %d mm", at_mm);
  MEMFAULT_ASSERT(at_mm < 100);
}

int main(void) {
  board_init();
  if (memfault_platform_boot() != 0) {
    return 1;
  }
  if (board_boot_count() == 1) {
    lose_courage(140);
    return 2;
  }
  MEMFAULT_LOG_INFO("back again");
  s_make_heartbeat();
  memfault_log_trigger_collection();
  memfault_data_export_dump_chunks();
  return 0;
}
