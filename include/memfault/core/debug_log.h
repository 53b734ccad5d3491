/* The log macros of firmware and SDK (spec 30, 6.7).
 *
 * MEMFAULT_LOG_DEBUG/INFO/WARN/ERROR(format, ...) store the line in the log buffer and print it
 * with memfault_platform_log(). They are statements, and evaluate their arguments once per effect,
 * so give them no side effects. MEMFAULT_LOG_RAW(...) prints only, through
 * memfault_platform_log_raw().
 *
 * Firmware with MEMFAULT_PLATFORM_HAS_LOG_CONFIG defines the five macros in
 * memfault_platform_log_config.h instead; MEMFAULT_SDK_LOG_SAVE(level, format, ...) is there to be
 * used in them.
 *
 * With MEMFAULT_SDK_LOG_SAVE_DISABLE nothing is stored. Firmware that never calls
 * memfault_log_boot() stores nothing either, and pays for the calls only.
 */
#pragma once

#include "memfault/config.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/debug_log.h"

#ifdef __cplusplus
extern "C" {
#endif

#if MEMFAULT_SDK_LOG_SAVE_DISABLE
  #define MEMFAULT_SDK_LOG_SAVE(...)
#else
  #define MEMFAULT_SDK_LOG_SAVE MEMFAULT_LOG_SAVE
#endif

#if MEMFAULT_PLATFORM_HAS_LOG_CONFIG

  #include "memfault_platform_log_config.h"

#else

  #define _MEMFAULT_LOG_IMPL(_level, ...)         \
    do {                                          \
      MEMFAULT_SDK_LOG_SAVE(_level, __VA_ARGS__); \
      memfault_platform_log(_level, __VA_ARGS__); \
    } while (0)

  #define MEMFAULT_LOG_DEBUG(...) \
    _MEMFAULT_LOG_IMPL(kMemfaultPlatformLogLevel_Debug, __VA_ARGS__)
  #define MEMFAULT_LOG_INFO(...) _MEMFAULT_LOG_IMPL(kMemfaultPlatformLogLevel_Info, __VA_ARGS__)
  #define MEMFAULT_LOG_WARN(...) \
    _MEMFAULT_LOG_IMPL(kMemfaultPlatformLogLevel_Warning, __VA_ARGS__)
  #define MEMFAULT_LOG_ERROR(...) \
    _MEMFAULT_LOG_IMPL(kMemfaultPlatformLogLevel_Error, __VA_ARGS__)

  #define MEMFAULT_LOG_RAW(...) memfault_platform_log_raw(__VA_ARGS__)

#endif

#ifdef __cplusplus
}
#endif
