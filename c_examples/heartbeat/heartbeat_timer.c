/*
 * The timer that the SDK asks the platform for. A periodic interrupt of the hardware counts; the
 * main loop makes the heartbeat. With an RTOS this would be a software timer or a work queue.
 */
#include "heartbeat_timer.h"

#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "memfault/metrics/platform/timer.h"

static MemfaultPlatformTimerCallback *s_make_heartbeat;
static uint32_t s_period_ms;
static uint32_t s_elapsed_ms; /* belongs to the interrupt */
static volatile bool s_due;

/* Runs in the tick interrupt, each millisecond. A heartbeat reads and clears metrics, runs the
 * application's hook and writes an event: too long for an interrupt, and not allowed in one, since
 * it might interrupt code that does the same. So this only takes a note. */
static void count_tick(void) {
  s_elapsed_ms++;
  if (s_elapsed_ms == s_period_ms) {
    s_elapsed_ms = 0;
    s_due = true;
  }
}

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  if (period_sec == 0 || period_sec > UINT32_MAX / 1000u) {
    return false; /* memfault_metrics_boot() returns -6 */
  }
  board_set_tick_hook(NULL);
  s_make_heartbeat = callback;
  s_period_ms = period_sec * 1000u;
  s_elapsed_ms = 0;
  board_set_tick_hook(count_tick);
  return true;
}

bool heartbeat_timer_poll(void) {
  if (!s_due) {
    return false;
  }
  s_due = false; /* first, so that a tick in the meantime is not forgotten */
  s_make_heartbeat();
  return true;
}
