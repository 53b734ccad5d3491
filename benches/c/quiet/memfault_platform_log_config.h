/*
 * Log configuration of the "quiet" size rows: the SDK's own messages are compiled out, arguments
 * included.
 */
#pragma once

#define MEMFAULT_LOG_DEBUG(...) ((void)0)
#define MEMFAULT_LOG_INFO(...) ((void)0)
#define MEMFAULT_LOG_WARN(...) ((void)0)
#define MEMFAULT_LOG_ERROR(...) ((void)0)
#define MEMFAULT_LOG_RAW(...) ((void)0)
