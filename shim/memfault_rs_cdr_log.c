//! The log lines of custom data recordings (spec 30, chapter 10).
//!
//! They are compiled with the firmware, so that its log configuration holds for the SDK's own lines
//! too. The library calls them; one function per line, so that the linker drops what is not used.
//! Where the macros expand to nothing, the arguments go unused.

#include <stddef.h>

#include "memfault/core/debug_log.h"

//! Called by the library. Not for firmware.
void memfault_rs_log_cdr_table_full(size_t capacity);
void memfault_rs_log_cdr_metadata_too_long(void);

void memfault_rs_log_cdr_table_full(size_t capacity) {
  (void)capacity;
  MEMFAULT_LOG_ERROR("Memfault Cdr Register is full, %d entries", (int)capacity);
}

void memfault_rs_log_cdr_metadata_too_long(void) {
  MEMFAULT_LOG_ERROR(
    "Not enough storage to serialized CDR, increase MEMFAULT_CDR_MAX_ENCODED_METADATA_LEN");
}
