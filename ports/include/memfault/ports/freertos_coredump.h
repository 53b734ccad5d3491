/* Regions of a coredump that show every FreeRTOS task (spec 50 §13.3). */
#pragma once

#include <stddef.h>

#include "memfault/config.h"
#include "memfault/panics/platform/coredump.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A control block and a stack of each task. With MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE add
 * 2: without room for them, how much of each stack was ever used is left out. */
#define MEMFAULT_PLATFORM_MAX_TASK_REGIONS (2 * MEMFAULT_PLATFORM_MAX_TRACKED_TASKS)

/**
 * Writes regions for the tasks that exist: first all control blocks, then the used part of each
 * stack, up to MEMFAULT_PLATFORM_TASK_STACK_SIZE_TO_COLLECT bytes.
 *
 * Call it in memfault_platform_coredump_get_regions(), behind more important regions: what finds no
 * room in the array, or later in the storage, is left out. Addresses go through
 * memfault_platform_sanitize_address_range(); a task whose control block cannot be read is
 * forgotten. Takes no lock. Returns the number of regions written, at most `num_regions`; 0 if
 * `regions` is NULL.
 */
size_t memfault_freertos_get_task_regions(sMfltCoredumpRegion *regions, size_t num_regions);

#ifdef __cplusplus
}
#endif
