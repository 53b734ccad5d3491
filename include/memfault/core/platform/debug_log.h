/* How the platform prints (spec 30, chapter 2). The firmware defines the functions that its build
 * refers to.
 */
#pragma once

#include <stddef.h>

#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  kMemfaultPlatformLogLevel_Debug = 0,
  kMemfaultPlatformLogLevel_Info,
  kMemfaultPlatformLogLevel_Warning,
  kMemfaultPlatformLogLevel_Error,
  /* Number of levels, not a level. */
  kMemfaultPlatformLogLevel_NumLevels,
} eMemfaultPlatformLogLevel;

/**
 * Prints one line. The text has no line end: the platform adds it. Called from wherever the SDK
 * logs, fault handlers included.
 */
MEMFAULT_PRINTF_LIKE_FUNC(2, 3)
void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);

/**
 * Prints a text as it is, followed by a line end: no level, no time stamp. Exported chunks go this
 * way, so a line of MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN characters has to fit.
 */
MEMFAULT_PRINTF_LIKE_FUNC(1, 2)
void memfault_platform_log_raw(const char *fmt, ...);

/**
 * Prints data_len bytes in hexadecimal. For firmware and ports; the library itself never calls it.
 */
void memfault_platform_hexdump(eMemfaultPlatformLogLevel level, const void *data, size_t data_len);

#ifdef __cplusplus
}
#endif
