/* What a firmware with the demo component has: its hooks, with values that a test sets. */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/core/platform/system_time.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/panics/platform/coredump.h"
#include "transcript.h"

typedef struct {
  jmp_buf way_out; /* from a reset or a failed assertion */
  uint64_t clock_ms;
  bool has_time;
  sMemfaultCurrentTime time;
  sMfltCoredumpRegion regions[2];
  size_t num_regions;
  bool no_list; /* of regions */
  int watchdog_rv;
  bool delay_works;
  bool irqs_go_off;
  bool irqs_go_on;
  unsigned chunks; /* that were sent with drain_chunks */
  uint8_t reboot_tracking[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
} demo_platform_t;

extern demo_platform_t g_demo;

/* Two regions, a storage for coredumps, a booted shell. */
void demo_begin(void);

/* Boots what the firmware has, in the usual order, 10 ms before now. */
void demo_boot(void);

/* Boots reboot tracking again, as after a reset. */
void demo_restart(void);

/* Types a line that does not come back, and compares what was printed until then. */
#define TYPE_AND_LEAVE(line, expected)                          \
  do {                                                          \
    const char *volatile printed_ = "it came back";             \
    if (setjmp(g_demo.way_out) == 0) {                               \
      transcript_type(line);                                    \
    } else {                                                    \
      printed_ = transcript_left();                             \
    }                                                           \
    transcript_equal(printed_, (expected), __FILE__, __LINE__); \
    transcript_boot();                                          \
  } while (0)
