//! FreeRTOS port: knows which tasks exist, and makes regions of a coredump of them (spec 50, 13.3).
//!
//! The receiver finds the two tables below by their names in the ELF file and by their layout; `v2`
//! is part of the contract.

#if defined(ESP_PLATFORM) || defined(MEMFAULT_USE_ESP32_FREERTOS_INCLUDE)
  #include "freertos/FreeRTOS.h"
  #include "freertos/task.h"
#else
  #include "FreeRTOS.h"
  #include "task.h"
#endif

#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/math.h"
#include "memfault/panics/platform/coredump.h"
#include "memfault/ports/freertos_coredump.h"
#include "memfault/ports/freertos_trace.h"

#if !defined(traceTASK_CREATE) || !defined(MEMFAULT_FREERTOS_TRACE_ENABLED)
  #error "FreeRTOSConfig.h must include memfault/ports/freertos_trace.h"
#endif

// The error about a full table may go elsewhere, for instance where the log cannot be used yet.
#if defined(MEMFAULT_FREERTOS_REGISTRY_FULL_ERROR_LOG_INCLUDE)
  #include MEMFAULT_FREERTOS_REGISTRY_FULL_ERROR_LOG_INCLUDE
#endif
#ifndef MEMFAULT_FREERTOS_REGISTRY_FULL_ERROR_LOG
  #define MEMFAULT_FREERTOS_REGISTRY_FULL_ERROR_LOG MEMFAULT_LOG_ERROR
#endif

#ifndef MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE
  #define MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE 0
#endif

#if MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE && \
  (!defined(INCLUDE_uxTaskGetStackHighWaterMark) || INCLUDE_uxTaskGetStackHighWaterMark != 1)
  #error "MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE needs INCLUDE_uxTaskGetStackHighWaterMark 1"
#endif

#if (!defined(configRECORD_STACK_HIGH_ADDRESS) || configRECORD_STACK_HIGH_ADDRESS != 1) && \
  !defined(MEMFAULT_FREERTOS_WARN_STACK_HIGH_ADDRESS_UNAVAILABLE)
  // Not a #warning, which -Werror would turn into an error.
  #pragma message( \
    "With configRECORD_STACK_HIGH_ADDRESS 1 the receiver knows the size of each stack. To do "       \
    "without it, define MEMFAULT_FREERTOS_WARN_STACK_HIGH_ADDRESS_UNAVAILABLE.")
#endif

// What is collected of a control block. All of it is a waste where the end holds the state of a C
// library; version 8 of the kernel and older do not tell its size.
#if MEMFAULT_PLATFORM_FREERTOS_TCB_SIZE
  #define TCB_SIZE ((size_t)(MEMFAULT_PLATFORM_FREERTOS_TCB_SIZE))
#elif tskKERNEL_VERSION_MAJOR <= 8
  #define TCB_SIZE ((size_t)200)
#else
  #define TCB_SIZE (sizeof(StaticTask_t))
#endif

static void *s_task_tcbs[MEMFAULT_PLATFORM_MAX_TRACKED_TASKS];

#define NUM_SLOTS (MEMFAULT_ARRAY_SIZE(s_task_tcbs))

#if MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE
// Of the task in the same slot: bytes of its stack that were never used; 0xFFFFFFFF: none.
static struct {
  uint32_t bytes_unused;
} s_memfault_task_watermarks_v2[MEMFAULT_PLATFORM_MAX_TRACKED_TASKS];
#endif

#define TEXT_OF(x) TEXT_OF_EXPANDED(x)
#define TEXT_OF_EXPANDED(x) #x

void memfault_freertos_trace_task_create(void *tcb) {
  for (size_t i = 0; i < NUM_SLOTS; i++) {
    if (s_task_tcbs[i] == NULL) {
      s_task_tcbs[i] = tcb;
      return;
    }
  }
  MEMFAULT_FREERTOS_REGISTRY_FULL_ERROR_LOG(
    "Task registry full (" TEXT_OF(MEMFAULT_PLATFORM_MAX_TRACKED_TASKS) ")");
}

void memfault_freertos_trace_task_delete(void *tcb) {
  for (size_t i = 0; i < NUM_SLOTS; i++) {
    if (s_task_tcbs[i] == tcb) {
      s_task_tcbs[i] = NULL;
      return;
    }
  }
}

static size_t prv_add_control_blocks(sMfltCoredumpRegion *regions, size_t num_regions) {
  size_t count = 0;
  for (size_t i = 0; i < NUM_SLOTS && count < num_regions; i++) {
    void *const tcb = s_task_tcbs[i];
    if (tcb == NULL) {
      continue;
    }
    const size_t size = memfault_platform_sanitize_address_range(tcb, TCB_SIZE);
    if (size == 0) {
      // The table was overwritten, or the task. Nothing may follow the pointer after this.
      s_task_tcbs[i] = NULL;
      continue;
    }
    regions[count++] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(tcb, (uint32_t)size);
  }
  return count;
}

static size_t prv_add_stacks(sMfltCoredumpRegion *regions, size_t num_regions) {
  size_t count = 0;
  for (size_t i = 0; i < NUM_SLOTS && count < num_regions; i++) {
    void *const tcb = s_task_tcbs[i];
    if (tcb == NULL) {
      continue;
    }
    // The first word of a control block is the task's stack pointer, as its last switch left it.
    void *const top = *(void **)tcb;
    const size_t size = memfault_platform_sanitize_address_range(
      top, MEMFAULT_PLATFORM_TASK_STACK_SIZE_TO_COLLECT);
    if (size == 0) {
      continue;
    }
#if MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE
    const uint32_t unused =
      (uint32_t)(uxTaskGetStackHighWaterMark((TaskHandle_t)tcb) * sizeof(StackType_t));
    s_memfault_task_watermarks_v2[i].bytes_unused = (unused != 0) ? unused : UINT32_MAX;
#endif
    regions[count++] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(top, (uint32_t)size);
  }
  return count;
}

size_t memfault_freertos_get_task_regions(sMfltCoredumpRegion *regions, size_t num_regions) {
  if (regions == NULL) {
    return 0;
  }
  size_t count = prv_add_control_blocks(regions, num_regions);
  count += prv_add_stacks(&regions[count], num_regions - count);
#if MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE
  // One without the other says nothing.
  if (num_regions - count >= 2) {
    regions[count++] =
      MEMFAULT_COREDUMP_MEMORY_REGION_INIT(s_task_tcbs, (uint32_t)sizeof(s_task_tcbs));
    regions[count++] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(
      s_memfault_task_watermarks_v2, (uint32_t)sizeof(s_memfault_task_watermarks_v2));
  }
#endif
  return count;
}
