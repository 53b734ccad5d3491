//! Saving log lines from a format and arguments (spec 30, 4.3 and 7.5).
//!
//! C, because the functions are variadic. The way of the SDK's own log lines leads through a pointer
//! that memfault_log_boot() sets: firmware that never starts the log buffer shall not carry the
//! formatting for them.

#include "memfault/core/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/debug_log.h"
#include "memfault_rs_format.h"

//! In the library. Not for firmware.
bool memfault_rs_log_accepts(eMemfaultPlatformLogLevel level);

//! Called by the library. Not for firmware.
void memfault_rs_log_connect_formatting(void);
void memfault_rs_log_log_restore_mismatch(size_t context_len, size_t saved_context_len,
                                          size_t storage_len, size_t saved_storage_len);

MEMFAULT_PRINTF_LIKE_FUNC(2, 0)
static void prv_save_text(eMemfaultPlatformLogLevel level, const char *fmt, va_list args) {
  if (!memfault_rs_log_accepts(level)) {
    return;
  }
  char text[MEMFAULT_LOG_MAX_LINE_SAVE_LEN + 1];
  const size_t len = memfault_rs_format(text, sizeof(text), fmt, args);
  if (len != 0) {
    memfault_log_save_preformatted(level, text, len);
  }
}

#if MEMFAULT_COMPACT_LOG_ENABLE

// The SDK's own lines are compact ones; who calls this wants to have it.
void memfault_vlog_save(eMemfaultPlatformLogLevel level, const char *fmt, va_list args) {
  prv_save_text(level, fmt, args);
}

#else

// Volatile: a compiler that sees all of the program must not call the one function directly.
static void (*volatile s_save_text)(eMemfaultPlatformLogLevel level, const char *fmt, va_list args);

void memfault_vlog_save(eMemfaultPlatformLogLevel level, const char *fmt, va_list args) {
  if (s_save_text != NULL) {
    s_save_text(level, fmt, args);
  }
}

#endif

void memfault_log_save(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  memfault_vlog_save(level, fmt, args);
  va_end(args);
}

#if MEMFAULT_COMPACT_LOG_ENABLE

  #include "memfault_rs_compact_log.h"

static void (*volatile s_save_compact)(eMemfaultPlatformLogLevel level, uint32_t log_id,
                                       uint32_t compressed_fmt, va_list args);

static void prv_save_compact(eMemfaultPlatformLogLevel level, uint32_t log_id,
                             uint32_t compressed_fmt, va_list args) {
  sMemfaultRsLogArguments arguments;
  memfault_rs_compact_log_read_arguments(&arguments, compressed_fmt, args);
  memfault_rs_compact_log_save(level, memfault_rs_compact_log_wire_id(log_id), &arguments);
}

void memfault_compact_log_save(eMemfaultPlatformLogLevel level, uint32_t log_id,
                               uint32_t compressed_fmt, ...) {
  if (s_save_compact != NULL) {
    va_list args;
    va_start(args, compressed_fmt);
    s_save_compact(level, log_id, compressed_fmt, args);
    va_end(args);
  }
}

#endif

void memfault_rs_log_connect_formatting(void) {
#if MEMFAULT_COMPACT_LOG_ENABLE
  s_save_compact = prv_save_compact;
#else
  s_save_text = prv_save_text;
#endif
}

// Goes to the platform only, as the log buffer is not started when it is logged.
void memfault_rs_log_log_restore_mismatch(size_t context_len, size_t saved_context_len,
                                          size_t storage_len, size_t saved_storage_len) {
  (void)context_len, (void)saved_context_len, (void)storage_len, (void)saved_storage_len;
  MEMFAULT_LOG_ERROR("Log restore size mismatch: %d != %d or %d != %d", (int)context_len,
                     (int)saved_context_len, (int)storage_len, (int)saved_storage_len);
}
