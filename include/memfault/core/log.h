/* The log buffer in RAM (spec 30, chapters 3 to 7).
 * Interface only: the library functions of this header arrive with the log component.
 *
 * Log lines are kept in a ring, oldest first out, and leave the device as an upload, as text lines
 * or inside a coredump. Firmware logs with the macros of memfault/core/debug_log.h.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/compact_log_compile_time_checks.h"
#include "memfault/core/compact_log_helpers.h"
#include "memfault/core/compiler.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/util/base64.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A compact log as a text line is "ML:<base64>:"; the last constant is the buffer for such a line,
 * its terminator included.
 */
#define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX "ML:"
#define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX_LEN \
  MEMFAULT_STATIC_STRLEN(MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX)
#define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX ":"
#define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX_LEN \
  MEMFAULT_STATIC_STRLEN(MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX)
#define MEMFAULT_LOG_EXPORT_BASE64_CHUNK_MAX_LEN                   \
  (MEMFAULT_LOG_EXPORT_BASE64_CHUNK_PREFIX_LEN +                   \
   MEMFAULT_BASE64_ENCODE_LEN(MEMFAULT_LOG_EXPORT_CHUNK_MAX_LEN) + \
   MEMFAULT_LOG_EXPORT_BASE64_CHUNK_SUFFIX_LEN + 1)

/**
 * Starts the log buffer in buf_len bytes of buffer, which it zeroes and keeps. Logs before this are
 * not stored.
 *
 * False, and nothing happens, if buffer is NULL, buf_len is 0, or it was started before.
 */
bool memfault_log_boot(void *buffer, size_t buf_len);

/**
 * Stores lines of this level and above from now on. Starting the buffer sets the level to
 * MEMFAULT_RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL.
 */
void memfault_log_set_min_save_level(eMemfaultPlatformLogLevel min_log_level);

#if MEMFAULT_COMPACT_LOG_ENABLE

  /* Stores one line as an id and its arguments. The format has to be a string literal. */
  #define MEMFAULT_COMPACT_LOG_SAVE(level, format, ...)                                   \
    do {                                                                                  \
      MEMFAULT_LOGGING_RUN_COMPILE_TIME_CHECKS(format, ##__VA_ARGS__);                    \
      MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY(format, ##__VA_ARGS__);                          \
      memfault_compact_log_save(level, MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY_PTR,            \
                                MFLT_GET_COMPRESSED_LOG_FMT(__VA_ARGS__), ##__VA_ARGS__); \
    } while (0)

/**
 * Stores a compact log line: the id of the format, the types of the arguments as
 * MFLT_GET_COMPRESSED_LOG_FMT() gives them, the arguments. Use the macro above.
 */
void memfault_compact_log_save(eMemfaultPlatformLogLevel level, uint32_t log_id,
                               uint32_t compressed_fmt, ...);

  #define MEMFAULT_LOG_SAVE MEMFAULT_COMPACT_LOG_SAVE

#else

  /* Stores one line: level, format, arguments. */
  #define MEMFAULT_LOG_SAVE(_level, ...) memfault_log_save(_level, __VA_ARGS__)

#endif

/**
 * Stores a finished text: its first MEMFAULT_LOG_MAX_LINE_SAVE_LEN bytes. log needs no terminator.
 */
void memfault_log_save_preformatted(eMemfaultPlatformLogLevel level, const char *log,
                                    size_t log_len);

/** The same without memfault_lock(), for callers that hold it or run where nothing else can. */
void memfault_log_save_preformatted_nolock(eMemfaultPlatformLogLevel level, const char *log,
                                           size_t log_len);

typedef enum {
  /* Text. */
  kMemfaultLogRecordType_Preformatted = 0,
  /* CBOR of a compact log. */
  kMemfaultLogRecordType_Compact = 1,

  kMemfaultLogRecordType_NumTypes,
} eMemfaultLogRecordType;

typedef struct {
  eMemfaultPlatformLogLevel level;
  eMemfaultLogRecordType type;
  /* Bytes in msg; the NUL behind them does not count. */
  uint32_t msg_len;
#if MEMFAULT_LOG_TIMESTAMPS_ENABLE
  /* Seconds since 1970, 0 if the time was not known. */
  uint32_t timestamp;
#endif
  char msg[MEMFAULT_LOG_MAX_LINE_SAVE_LEN + 1];
} sMemfaultLog;

/**
 * Reads the next line that was not read yet, oldest first; it stays in the buffer. False: there is
 * none.
 *
 * When lines had to be dropped, one line that says how many comes first.
 */
bool memfault_log_read(sMemfaultLog *log);

/** Prints one line through memfault_log_export_msg(), a compact one as base64. */
void memfault_log_export_log(sMemfaultLog *log);

/** Prints all lines that were not read yet. */
void memfault_log_export_logs(void);

/** Output of the two functions above. Weak: prints msg with memfault_platform_log_raw(). */
extern void memfault_log_export_msg(eMemfaultPlatformLogLevel level, const char *msg,
                                    size_t msg_len);

/** Called after each stored line, without the lock. Weak, does nothing. */
extern void memfault_log_handle_saved_callback(void);

/** Formats and stores one line. */
MEMFAULT_PRINTF_LIKE_FUNC(2, 3)
void memfault_log_save(eMemfaultPlatformLogLevel level, const char *fmt, ...);

/** The same with a va_list. */
MEMFAULT_PRINTF_LIKE_FUNC(2, 0)
void memfault_vlog_save(eMemfaultPlatformLogLevel level, const char *fmt, va_list args);

/**
 * Makes the lines stored so far a message for the packetizer. Until it has been sent, new lines are
 * dropped rather than overwriting them. Not from an interrupt.
 */
void memfault_log_trigger_collection(void);

/** Has the log buffer been started? */
bool memfault_log_booted(void);

/** Lines dropped and lines stored since the start; both wrap. */
uint32_t memfault_log_get_dropped_count(void);
uint32_t memfault_log_get_recorded_count(void);

typedef struct {
  size_t num_logs;
  size_t bytes;
} sMfltLogUnsentCount;

/** Lines in the buffer that were not sent yet. */
sMfltLogUnsentCount memfault_log_get_unsent_count(void);

/* Bytes behind sMfltLogSaveState.context. */
#if INTPTR_MAX == 0x7fffffff
  #define MEMFAULT_LOG_STATE_SIZE_BYTES (44 + ((sizeof(eMemfaultPlatformLogLevel) == 4) ? 4 : 0))
#elif INTPTR_MAX == 0x7fffffffffffffff
  #define MEMFAULT_LOG_STATE_SIZE_BYTES (76 + ((sizeof(eMemfaultPlatformLogLevel) == 4) ? 4 : 0))
#endif

/* Where the state of the log buffer lies, to be copied before deep sleep. */
typedef struct {
  void *context;
  size_t context_len;
  void *storage;
  size_t storage_len;
} sMfltLogSaveState;

/** The live state; all zero before the start. Exists with MEMFAULT_LOG_RESTORE_STATE. */
sMfltLogSaveState memfault_log_get_state(void);

/**
 * Supplied by firmware with MEMFAULT_LOG_RESTORE_STATE: fills in where the copies lie and returns
 * true, or returns false to start empty. Called by memfault_log_boot().
 */
extern bool memfault_log_restore_state(sMfltLogSaveState *state);

#ifdef __cplusplus
}
#endif
