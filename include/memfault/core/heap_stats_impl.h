/* Inside the heap statistics. Tools find the two objects by name in a coredump, so layout and names
 * are fixed (spec 30, 11.1).
 * Interface only: the library functions of this header arrive with the heap statistics component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Memory regions that a coredump needs for them. */
#define MEMFAULT_HEAP_STATS_NUM_RAM_REGIONS (2)

/* Index that ends the list in the pool. */
#define MEMFAULT_HEAP_STATS_LIST_END UINT16_MAX

typedef struct MfltHeapStatEntry {
  /* Code that allocated the block. */
  const void *lr;
  const void *ptr;

  struct {
    uint32_t size : 31;
    uint32_t in_use : 1;
    /* The entry allocated before this one, or MEMFAULT_HEAP_STATS_LIST_END. */
    uint16_t next_entry_index;
  } info;
} sMfltHeapStatEntry;

typedef struct MfltHeapStats {
  /* Layout of these two structures: 2. */
  uint8_t version;
  uint32_t in_use_block_count;
  uint32_t max_in_use_block_count;
  /* The newest entry in use. */
  uint16_t stats_pool_head;
} sMfltHeapStats;

extern sMfltHeapStats g_memfault_heap_stats;
extern sMfltHeapStatEntry g_memfault_heap_stats_pool[MEMFAULT_HEAP_STATS_MAX_COUNT];

/** Forgets everything. For tests. */
void memfault_heap_stats_reset(void);

/** Was nothing ever recorded? */
bool memfault_heap_stats_empty(void);

#ifdef __cplusplus
}
#endif
