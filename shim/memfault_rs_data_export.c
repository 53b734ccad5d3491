//! One chunk as a line of text (spec 10 section 12).
//!
//! C, because a debugger script stops in memfault_data_export_chunk() and reads its two arguments in a C frame, because the buffer has
//! the length that the firmware configured, and because the line goes through the firmware's own log macro.

#include "memfault/core/data_export.h"

#include <string.h>

#include "memfault/core/debug_log.h"
#include "memfault/core/sdk_assert.h"

MEMFAULT_WEAK void memfault_data_export_base64_encoded_chunk(const char *chunk_str) {
  MEMFAULT_LOG_INFO("%s", chunk_str);
}

//! Prints one chunk. Apart from the function below, which is not optimised.
static void prv_print_chunk(const void *chunk_data, size_t chunk_data_len) {
  char line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN];
  memcpy(line, MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX,
         MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX_LEN);
  memfault_base64_encode(chunk_data, chunk_data_len,
                         &line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX_LEN]);
  // The suffix brings its NUL.
  memcpy(&line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_PREFIX_LEN +
               MEMFAULT_BASE64_ENCODE_LEN(chunk_data_len)],
         MEMFAULT_DATA_EXPORT_BASE64_CHUNK_SUFFIX,
         MEMFAULT_DATA_EXPORT_BASE64_CHUNK_SUFFIX_LEN + 1);

  memfault_data_export_base64_encoded_chunk(line);
}

// Not optimised, so that the arguments can be read where the breakpoint stops.
MEMFAULT_NO_OPT void memfault_data_export_chunk(void *chunk_data, size_t chunk_data_len) {
  MEMFAULT_SDK_ASSERT(chunk_data_len <= MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN);
  // Where the assert is off or returns, a longer chunk is refused instead of overrunning the buffer.
  if (chunk_data_len <= MEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN) {
    prv_print_chunk(chunk_data, chunk_data_len);
  }
}
