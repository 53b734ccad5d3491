//! The demo commands for the software watchdog of the port (spec 70, chapter 12).
//!
//! C, so that firmware without MEMFAULT_DEMO_CLI_WATCHDOG has neither them nor needs the port.

#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/debug_log.h"
#include "memfault/demo/cli.h"

#if MEMFAULT_DEMO_CLI_WATCHDOG

//! In the port, whose header memfault/ports/watchdog.h declares them: 0 or more is success.
int memfault_software_watchdog_enable(void);
int memfault_software_watchdog_disable(void);
int memfault_software_watchdog_update_timeout(uint32_t timeout_ms);

//! In the library. Not for firmware.
int32_t memfault_rs_demo_number(const char *text);

int memfault_demo_cli_cmd_software_watchdog_enable(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  const int rv = memfault_software_watchdog_enable();
  if (rv < 0) {
    MEMFAULT_LOG_RAW("Failed to enable software watchdog: %d", rv);
    return -1;
  }
  return 0;
}

int memfault_demo_cli_cmd_software_watchdog_disable(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  const int rv = memfault_software_watchdog_disable();
  if (rv < 0) {
    MEMFAULT_LOG_RAW("Failed to disable software watchdog: %d", rv);
    return -1;
  }
  return 0;
}

int memfault_demo_cli_cmd_software_watchdog_update_timeout(int argc, char *argv[]) {
  if (argc < 2) {
    MEMFAULT_LOG_RAW("Usage: wdog_update <timeout_ms>");
    return -1;
  }
  const int timeout_ms = (int)memfault_rs_demo_number(argv[1]);
  if (timeout_ms <= 0) {
    MEMFAULT_LOG_RAW("Invalid timeout value: %d", timeout_ms);
    return -1;
  }
  const int rv = memfault_software_watchdog_update_timeout((uint32_t)timeout_ms);
  if (rv < 0) {
    MEMFAULT_LOG_RAW("Failed to update software watchdog timeout: %d", rv);
    return -1;
  }
  MEMFAULT_LOG_RAW("Software watchdog timeout updated to %d ms", timeout_ms);
  return 0;
}

#endif
