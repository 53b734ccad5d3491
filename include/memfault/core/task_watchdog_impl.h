/* Inside the task watchdog. Tools find the object by name in a coredump, so layout and name are
 * fixed (spec 30, 12.2).
 * Interface only: the object of this header arrives with the task watchdog component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/task_watchdog.h"

#ifdef __cplusplus
extern "C" {
#endif

enum MemfaultTaskWatchdogChannelState {
  kMemfaultTaskWatchdogChannelState_Stopped = 0,
  kMemfaultTaskWatchdogChannelState_Started,
  kMemfaultTaskWatchdogChannelState_Expired,
};

struct MemfaultTaskWatchdogChannel {
  /* Milliseconds since boot, low 32 bits. */
  uint32_t fed_time_ms;
  enum MemfaultTaskWatchdogChannelState state;
};

typedef struct MemfaultTaskWatchdogInfo {
  struct MemfaultTaskWatchdogChannel channels[kMemfaultTaskWatchdogChannel_NumChannels];
} sMemfaultTaskWatchdogInfo;

extern sMemfaultTaskWatchdogInfo g_memfault_task_channel_info;

#ifdef __cplusplus
}
#endif
