//! The log lines of event storage and the serializer helper (spec 20 section 19).
//!
//! They are compiled with the firmware, so that its log configuration (own macros, compact logs, no logs) holds for the SDK's own lines
//! too. The library calls them; one function per line, so that the linker drops what is not used. Where the macros expand to nothing,
//! the arguments go unused.

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/debug_log.h"

//! Called by the library. Not for firmware.
void memfault_rs_log_event_storage_restore_mismatch(size_t context_len, size_t saved_context_len,
                                                    size_t storage_len, size_t saved_storage_len);
void memfault_rs_log_event_storage_full(void);
void memfault_rs_log_event_saved_after_drops(uint32_t drops);
void memfault_rs_log_event_storage_too_small(size_t capacity, const char *event_type,
                                             size_t worst_case);

void memfault_rs_log_event_storage_restore_mismatch(size_t context_len, size_t saved_context_len,
                                                    size_t storage_len, size_t saved_storage_len) {
  (void)context_len, (void)saved_context_len, (void)storage_len, (void)saved_storage_len;
  MEMFAULT_LOG_ERROR("Event storage restore size mismatch: %d != %d or %d != %d", (int)context_len,
                     (int)saved_context_len, (int)storage_len, (int)saved_storage_len);
}

void memfault_rs_log_event_storage_full(void) {
  MEMFAULT_LOG_ERROR("Event storage full");
}

void memfault_rs_log_event_saved_after_drops(uint32_t drops) {
  (void)drops;
  MEMFAULT_LOG_INFO("Event saved successfully after %d drops", (int)drops);
}

void memfault_rs_log_event_storage_too_small(size_t capacity, const char *event_type,
                                             size_t worst_case) {
  (void)capacity, (void)event_type, (void)worst_case;
  MEMFAULT_LOG_WARN("Event storage (%d) smaller than largest %s event (%d)", (int)capacity,
                    event_type, (int)worst_case);
}
