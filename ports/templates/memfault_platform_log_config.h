//! The log macros of the SDK, if MEMFAULT_PLATFORM_HAS_LOG_CONFIG is 1. Not read otherwise.
//!
//! By default MEMFAULT_LOG_INFO() and its sisters save a line in the SDK's log buffer and then
//! print it with memfault_platform_log(). Here they can print with the firmware's own log system
//! instead. MEMFAULT_SDK_LOG_SAVE() does the saving.
#pragma once

#include "memfault/config.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"

// TODO: call the log functions of the firmware instead of memfault_platform_log().
#define MEMFAULT_LOG_LINE_(level, ...)     \
  do {                                         \
    MEMFAULT_SDK_LOG_SAVE(level, __VA_ARGS__); \
    memfault_platform_log(level, __VA_ARGS__); \
  } while (0)

#define MEMFAULT_LOG_DEBUG(...) MEMFAULT_LOG_LINE_(kMemfaultPlatformLogLevel_Debug, __VA_ARGS__)
#define MEMFAULT_LOG_INFO(...) MEMFAULT_LOG_LINE_(kMemfaultPlatformLogLevel_Info, __VA_ARGS__)
#define MEMFAULT_LOG_WARN(...) MEMFAULT_LOG_LINE_(kMemfaultPlatformLogLevel_Warning, __VA_ARGS__)
#define MEMFAULT_LOG_ERROR(...) MEMFAULT_LOG_LINE_(kMemfaultPlatformLogLevel_Error, __VA_ARGS__)

// Without a level and not saved: output of the SDK's shell.
#define MEMFAULT_LOG_RAW(...) memfault_platform_log_raw(__VA_ARGS__)
