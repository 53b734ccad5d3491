/* The platform's timer for heartbeats (spec 40, chapter 19).
 * Interface only: the library function that calls this hook arrives with the metrics component.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void(MemfaultPlatformTimerCallback)(void);

/**
 * Starts a timer that calls callback every period_sec seconds, from a task that may take
 * memfault_lock(). False on failure. Supplied by firmware.
 */
bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback);

#ifdef __cplusplus
}
#endif
