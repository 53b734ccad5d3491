/* Inside the log buffer: for coredumps and tests (spec 30, 6.6).
 * Interface only: the library functions of this header arrive with the log component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Forgets the log buffer. For tests. */
void memfault_log_reset(void);

/* Memory regions that a coredump needs for its logs. */
#define MEMFAULT_LOG_NUM_RAM_REGIONS 2

typedef struct {
  const void *region_start;
  uint32_t region_size;
} sMemfaultLogMemoryRegion;

typedef struct {
  /* State of the log buffer, then its storage. */
  sMemfaultLogMemoryRegion region[MEMFAULT_LOG_NUM_RAM_REGIONS];
} sMemfaultLogRegions;

/**
 * Gives the regions. False, and *regions is left alone, if there is no log buffer or its state is
 * damaged. Works in a fault handler.
 */
bool memfault_log_get_regions(sMemfaultLogRegions *regions);

#ifdef __cplusplus
}
#endif
