/* Firmware that says who it is, in every way that the library offers, for tests/build_id/run.py.
 *
 * Prints the log lines of the boot, then "string: ", "version: " and, for each stored event, "event: " in hex.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "example.h"
#include "memfault/core/build_info.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"

const char g_example_name[] = "build-id";

static bool print_event(void) {
  size_t len = 0;
  if (!g_memfault_event_data_source.has_more_msgs_cb(&len)) {
    return false;
  }
  char hex[2 * 100 + 1] = "";
  for (size_t i = 0; (i < len) && (2 * i + 2 < sizeof(hex)); i++) {
    uint8_t byte = 0;
    if (!g_memfault_event_data_source.read_msg_cb((uint32_t)i, &byte, 1)) {
      return false;
    }
    hex[2 * i] = "0123456789abcdef"[byte >> 4];
    hex[2 * i + 1] = "0123456789abcdef"[byte & 0xf];
    hex[2 * i + 2] = '\0';
  }
  memfault_platform_log_raw("event: %s", hex);
  g_memfault_event_data_source.mark_msg_read_cb();
  return true;
}

int main(void) {
  board_init();
  if (memfault_platform_boot() != 0) {
    return 1;
  }

  char digits[2 * MEMFAULT_BUILD_ID_LEN + 1];
  const bool has_build_id = memfault_build_id_get_string(digits, sizeof(digits));
  memfault_platform_log_raw("string: %s", has_build_id ? digits : "none");
  memfault_platform_log_raw("version: %s", memfault_create_unique_version_string("1.2.3"));
  while (print_event()) {
  }
  return 0;
}
