/* A firmware that logs every format from C and from C++, and prints the records as "ML:" lines. */
#include "formats.h"

#include <stdint.h>

#include "board.h"
#include "example.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/core.h"

const char g_example_name[] = "formats";

static uint8_t s_log[2048];

void log_formats_of_c(void) {
#define F(...) MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Info, __VA_ARGS__);
#include "formats.inc"
#undef F
}

int main(void) {
  board_init();
  if (memfault_platform_boot() != 0 || !memfault_log_boot(s_log, sizeof(s_log))) {
    return 1;
  }
  log_formats_of_c();
  log_formats_of_cpp();
  memfault_log_export_logs();
  return 0;
}
