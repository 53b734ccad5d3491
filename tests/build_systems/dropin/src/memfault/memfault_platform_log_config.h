#pragma once

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"

#define LOG_LINE(level, ...)                   \
  do {                                         \
    MEMFAULT_SDK_LOG_SAVE(level, __VA_ARGS__); \
    memfault_platform_log(level, __VA_ARGS__); \
  } while (0)

#define MEMFAULT_LOG_DEBUG(...) LOG_LINE(kMemfaultPlatformLogLevel_Debug, __VA_ARGS__)
#define MEMFAULT_LOG_INFO(...) LOG_LINE(kMemfaultPlatformLogLevel_Info, __VA_ARGS__)
#define MEMFAULT_LOG_WARN(...) LOG_LINE(kMemfaultPlatformLogLevel_Warning, __VA_ARGS__)
#define MEMFAULT_LOG_ERROR(...) LOG_LINE(kMemfaultPlatformLogLevel_Error, __VA_ARGS__)
#define MEMFAULT_LOG_RAW(...) memfault_platform_log_raw(__VA_ARGS__)
