//! FreeRTOS port: a software timer makes the heartbeats (spec 60, 15.2).
//!
//! Its callback runs in the kernel's timer task, whose stack (configTIMER_TASK_STACK_DEPTH) must be
//! large enough for a heartbeat and for the firmware's memfault_metrics_heartbeat_collect_data().

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/metrics/platform/timer.h"
#include "memfault/ports/freertos.h"
#include "timers.h"

MEMFAULT_STATIC_ASSERT(MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS <= UINT32_MAX / 1000,
                       "MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS is more than 49 days");

static TimerHandle_t s_timer;
static MemfaultPlatformTimerCallback *s_make_heartbeat;

static void prv_expired(TimerHandle_t timer) {
  (void)timer;
  s_make_heartbeat();
}

static TimerHandle_t prv_create(TickType_t period) {
#if MEMFAULT_FREERTOS_PORT_USE_STATIC_ALLOCATION
  static StaticTimer_t s_timer_memory;
  return xTimerCreateStatic("metric_timer", period, pdTRUE, NULL, prv_expired, &s_timer_memory);
#else
  return xTimerCreate("metric_timer", period, pdTRUE, NULL, prv_expired);
#endif
}

//! False if the timer cannot be made or started, or if the period has no tick or more than the
//! kernel's tick counter can count.
bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  const uint64_t ticks = (uint64_t)period_sec * (uint32_t)configTICK_RATE_HZ;
  if (ticks == 0 || ticks >= portMAX_DELAY) {
    return false;
  }
  s_make_heartbeat = callback;
  if (s_timer != NULL) {
    // Metrics were booted before. Starts a timer that stands, too.
    return xTimerChangePeriod(s_timer, (TickType_t)ticks, 0) == pdPASS;
  }
  s_timer = prv_create((TickType_t)ticks);
  // Before the scheduler runs, the command waits in the queue of the timer task.
  return s_timer != NULL && xTimerStart(s_timer, 0) == pdPASS;
}
