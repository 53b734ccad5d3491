/* The platform of the metrics tests: a clock that stands still, and hooks that note their calls. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/core/event_storage.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/metrics/platform/timer.h"

/* Largest event, and longest log line that is kept whole. */
#define MAX_EVENT 1024
#define MAX_LOG_LINE 72
#define MAX_LOG_LINES 6

typedef struct {
  uint64_t clock_ms;
  unsigned time_calls;
  int lock_depth;
  unsigned lock_pairs;
  bool time_known; /* it is 1700000000 then */
  bool timer_fails;
  uint32_t timer_period_s;
  MemfaultPlatformTimerCallback *timer_callback;
  /* Lines since the last platform_forget(), as far as there is room. */
  char log[MAX_LOG_LINES][MAX_LOG_LINE];
  unsigned log_lines;
  uint8_t region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  uint8_t event[MAX_EVENT];
} metrics_platform_t;

extern metrics_platform_t g_platform;

/* Forgets counts and log lines. */
void platform_forget(void);

/* Starts reboot tracking on the region as it is: `crashed` says how the device restarted. */
void platform_restart(bool crashed);

/* Reports the restart, so that the next one can be recorded, and drops its event. */
void platform_report_restart(const sMemfaultEventStorageImpl *storage);

/* Takes the oldest event into g_platform.event; its length, 0 when there is none. */
size_t platform_take_event(void);

/* Metadata of all events: 20 bytes. */
#define EVENT_METADATA                                                                       \
  0xa6, 0x02, 0x01, 0x03, 0x01, 0x0a, 0x63, 'a', 'p', 'p', 0x09, 0x63, '2', '.', '0', 0x06, \
    0x63, 'h', 'w', '1'
