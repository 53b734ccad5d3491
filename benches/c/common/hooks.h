/* What the platform hooks are told by the benchmark programs, and what they keep for them. */
#pragma once

#include "memfault/metrics/platform/timer.h"

#include <stdint.h>

/* Returned by memfault_platform_get_time_since_boot_ms(). */
extern uint64_t g_time_since_boot_ms;

/* What the metrics component wants to have called at the end of each period. */
extern MemfaultPlatformTimerCallback *g_heartbeat_callback;
