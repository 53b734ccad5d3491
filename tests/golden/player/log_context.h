// The state of the log buffer as it lies in memory (spec 30 section 3.1): debuggers and coredumps
// know this layout.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/core/log_impl.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/util/circular_buffer.h"

typedef struct {
  uint8_t version;
  bool enabled;
  eMemfaultPlatformLogLevel min_log_level;
  uint32_t log_read_offset;
  uint32_t dropped_msg_count;
  uint32_t recorded_msg_count;
  sMfltCircularBuffer circ_buffer;
  struct {
    void *storage;
    size_t len;
    uint16_t crc16;
  } region_info;
} log_context;

// The context of the log buffer, which was started; NULL before.
static inline log_context *log_context_find(void) {
  sMemfaultLogRegions regions;
  if (!memfault_log_get_regions(&regions) || regions.region[0].region_size != sizeof(log_context)) {
    return NULL;
  }
  return (log_context *)(uintptr_t)regions.region[0].region_start;
}
