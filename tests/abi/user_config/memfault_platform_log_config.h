/* Log macros of a firmware that sets MEMFAULT_PLATFORM_HAS_LOG_CONFIG. */
#pragma once

#include "memfault/config.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"

#define OWN_LOG(level, ...)                    \
  do {                                         \
    MEMFAULT_SDK_LOG_SAVE(level, __VA_ARGS__); \
    memfault_platform_log(level, __VA_ARGS__); \
  } while (0)

#define MEMFAULT_LOG_DEBUG(...) OWN_LOG(kMemfaultPlatformLogLevel_Debug, __VA_ARGS__)
#define MEMFAULT_LOG_INFO(...) OWN_LOG(kMemfaultPlatformLogLevel_Info, __VA_ARGS__)
#define MEMFAULT_LOG_WARN(...) OWN_LOG(kMemfaultPlatformLogLevel_Warning, __VA_ARGS__)
#define MEMFAULT_LOG_ERROR(...) OWN_LOG(kMemfaultPlatformLogLevel_Error, __VA_ARGS__)
#define MEMFAULT_LOG_RAW(...) memfault_platform_log_raw(__VA_ARGS__)
