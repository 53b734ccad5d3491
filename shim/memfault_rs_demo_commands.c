//! The demo commands that are about their own place in the firmware, or about its log macros
//! (spec 70, chapter 12).
//!
//! C, because the macros of the SDK are, and because a debugger script stops in
//! user_transport_send_chunk_data() and reads its two arguments in a C frame.

#include <stddef.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/trace_event.h"
#include "memfault/demo/cli.h"

// Not optimised, so that the arguments can be read where the breakpoint stops.
MEMFAULT_WEAK MEMFAULT_NO_OPT void user_transport_send_chunk_data(void *chunk_data,
                                                                  size_t chunk_data_len) {
  (void)chunk_data;
  (void)chunk_data_len;
}

int memfault_demo_cli_cmd_test_log(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  MEMFAULT_LOG_RAW("Raw log!");
  MEMFAULT_LOG_DEBUG("Debug log!");
  MEMFAULT_LOG_INFO("Info log!");
  MEMFAULT_LOG_WARN("Warning log!");
  MEMFAULT_LOG_ERROR("Error log!");
#if MEMFAULT_SDK_LOG_SAVE_DISABLE && !defined(ESP_PLATFORM)
  // The macros above only print.
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Debug, "Debug log!");
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "Info log!");
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Warning, "Warning log!");
  MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Error, "Error log!");
#endif
  return 0;
}

int memfault_demo_cli_cmd_trace_event_capture(int argc, char *argv[]) {
  if (argc < 2) {
    MEMFAULT_TRACE_EVENT_WITH_LOG(MemfaultCli_Test, "Example Trace Event. Num Args %d", argc);
  } else {
    MEMFAULT_TRACE_EVENT_WITH_LOG(MemfaultCli_Test, "%s", argv[1]);
  }
  return 0;
}

int memfault_demo_cli_cmd_system_reboot(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_UserReset);
  memfault_platform_reboot();
  return 0;
}
