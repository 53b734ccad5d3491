//! The channels of the task watchdog, and the assert when one has expired (spec 30, chapter 12).
//!
//! C, because the channels are in a file that only the firmware's build sees, and because the
//! compiler's own macros are the exact way to pc and lr on every architecture. Without
//! MEMFAULT_TASK_WATCHDOG_ENABLE there are no channels, and the check does nothing.

#include "memfault/core/task_watchdog.h"

#include <stdbool.h>
#include <stddef.h>

#include "memfault/config.h"
#include "memfault/core/task_watchdog_impl.h"

//! In the library. Not for firmware.
bool memfault_rs_task_watchdog_has_expired(void);

//! Read by the library. Not for firmware.
typedef struct {
  const void *channels;
  size_t num_channels;
} sMemfaultRsTaskChannels;
extern const sMemfaultRsTaskChannels g_memfault_rs_task_channels;

#if MEMFAULT_TASK_WATCHDOG_ENABLE

  #include "memfault/panics/assert.h"

sMemfaultTaskWatchdogInfo g_memfault_task_channel_info;

const sMemfaultRsTaskChannels g_memfault_rs_task_channels = {
  .channels = &g_memfault_task_channel_info,
  .num_channels = kMemfaultTaskWatchdogChannel_NumChannels,
};

void memfault_task_watchdog_check_all(void) {
  if (memfault_rs_task_watchdog_has_expired()) {
    MEMFAULT_TASK_WATCHDOG();
    return;
  }
  memfault_task_watchdog_platform_refresh_callback();
}

#else

const sMemfaultRsTaskChannels g_memfault_rs_task_channels = { NULL, 0 };

void memfault_task_watchdog_check_all(void) { }

#endif
