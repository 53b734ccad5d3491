/* Brings the counters of the log buffer to given values, with lines that it really keeps or drops. */
#pragma once

#include "memfault/core/log.h"
#include "memfault/core/log_impl.h"

static inline void log_counts_set(uint32_t dropped, uint32_t recorded) {
  /* Above all levels that the library itself uses, so nothing else is counted. */
  const eMemfaultPlatformLogLevel level = (eMemfaultPlatformLogLevel)0x7F;
  static uint8_t s_storage[32];
  static sMemfaultLog s_line;
  static const char kText[sizeof(s_storage)];
  if (!memfault_log_booted() || memfault_log_get_dropped_count() > dropped ||
      memfault_log_get_recorded_count() > recorded) {
    memfault_log_reset();
    memfault_log_boot(s_storage, sizeof(s_storage));
    memfault_log_set_min_save_level(level);
  }
  while (memfault_log_get_recorded_count() < recorded) {
    while (memfault_log_read(&s_line)) { /* what was read may be overwritten uncounted */
    }
    memfault_log_save_preformatted(level, kText, 1);
  }
  while (memfault_log_get_dropped_count() < dropped) {
    memfault_log_save_preformatted(level, kText, sizeof(kText)); /* does not fit at all */
  }
}
