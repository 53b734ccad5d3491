/* Task watchdog: finds a task that hangs while the system runs on (spec 30, chapter 12).
 * Interface only: the library functions of this header arrive with the task watchdog component.
 *
 * A task starts a channel before it does something that could hang, feeds it on progress, and stops
 * it when done. Channels are lines MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(name) in
 * memfault_task_watchdog_config.def, without commas. Needs MEMFAULT_TASK_WATCHDOG_ENABLE.
 */
#pragma once

#include <stddef.h>

#include "memfault/config.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_) kMemfaultTaskWatchdogChannel_##channel_,

typedef enum {
#if MEMFAULT_TASK_WATCHDOG_ENABLE
  #include "memfault_task_watchdog_config.def"
#else
  MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(placeholder_)
#endif
  /* Number of channels, not a channel. */
  kMemfaultTaskWatchdogChannel_NumChannels,
} eMemfaultTaskWatchdogChannel;

/* From here on the enumerator of a channel given by its bare name. */
#undef MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE
#define MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_) kMemfaultTaskWatchdogChannel_##channel_

/** Stops all channels. Call it before anything else here. */
void memfault_task_watchdog_init(void);

/**
 * Asserts (reason TaskWatchdog) if a started channel was not fed for
 * MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS; otherwise calls the refresh hook below. To be called
 * periodically, from a timer for example, more often than the hardware watchdog fires.
 */
void memfault_task_watchdog_check_all(void);

/**
 * For the start of a coredump: brings the state up to date that the coredump contains. Exists, and
 * does nothing, when the task watchdog is off.
 */
void memfault_task_watchdog_bookkeep(void);

/* Start, feed and stop a channel given by its bare name. */
#define MEMFAULT_TASK_WATCHDOG_START(channel_id_) \
  memfault_task_watchdog_start(MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_id_))
#define MEMFAULT_TASK_WATCHDOG_FEED(channel_id_) \
  memfault_task_watchdog_feed(MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_id_))
#define MEMFAULT_TASK_WATCHDOG_STOP(channel_id_) \
  memfault_task_watchdog_stop(MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_id_))

/** The time of the channel runs from now on. */
void memfault_task_watchdog_start(eMemfaultTaskWatchdogChannel channel_id);
/** The time of the channel starts anew; a stopped channel stays stopped. */
void memfault_task_watchdog_feed(eMemfaultTaskWatchdogChannel channel_id);
/** The channel can no longer expire. */
void memfault_task_watchdog_stop(eMemfaultTaskWatchdogChannel channel_id);

/**
 * Called by memfault_task_watchdog_check_all() when all is well: the place to feed a hardware
 * watchdog. Weak, does nothing.
 */
void memfault_task_watchdog_platform_refresh_callback(void);

#ifdef __cplusplus
}
#endif
