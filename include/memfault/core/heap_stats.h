/* Heap statistics: who holds the memory (spec 30, chapter 11). Firmware calls the macros from its
 * allocator.
 * Interface only: the library functions of this header arrive with the heap statistics component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A block of size_ bytes at ptr_ was allocated for the caller of the current function; ptr_ may be
 * NULL.
 */
#define MEMFAULT_HEAP_STATS_MALLOC(ptr_, size_)            \
  do {                                                     \
    void *mflt_heap_lr;                                    \
    MEMFAULT_GET_LR(mflt_heap_lr);                         \
    memfault_heap_stats_malloc(mflt_heap_lr, ptr_, size_); \
  } while (0)

/* The block at ptr_ was freed; ptr_ may be NULL. */
#define MEMFAULT_HEAP_STATS_FREE(ptr_) \
  do {                                 \
    memfault_heap_stats_free(ptr_);    \
  } while (0)

/**
 * Records an allocation made by the code at lr. Only the latest MEMFAULT_HEAP_STATS_MAX_COUNT are
 * kept.
 */
void memfault_heap_stats_malloc(const void *lr, const void *ptr, size_t size);

/** Records that a block was freed, known or not. */
void memfault_heap_stats_free(const void *ptr);

/**
 * Count blocks in use by hand, for ports that set MEMFAULT_IN_USE_BLOCK_COUNT_AUTOMATIC to 0. No
 * lock.
 */
void memfault_heap_stats_decrement_in_use_block_count(void);
void memfault_heap_stats_increment_in_use_block_count(void);

#ifdef __cplusplus
}
#endif
