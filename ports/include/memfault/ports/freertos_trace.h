/* Trace macros through which the kernel tells the SDK about tasks and, if wanted, about its heap
 * (spec 50 §13.3). To be included at the end of FreeRTOSConfig.h:
 *
 *   #include "memfault/ports/freertos_trace.h"
 *
 * Trace macros that are defined above that line stay as they are and call the functions below
 * themselves. The kernel's assembly files may include this too.
 */
#pragma once

#include "memfault/config.h"

/* The rest of the port refuses to compile without it. */
#define MEMFAULT_FREERTOS_TRACE_ENABLED 1

#if MEMFAULT_FREERTOS_PORT_HEAP_STATS_ENABLE && MEMFAULT_COREDUMP_HEAP_STATS_LOCK_ENABLE
  /* The kernel uses the macros with the scheduler suspended: no task may wait for a mutex there. */
  #error "MEMFAULT_FREERTOS_PORT_HEAP_STATS_ENABLE needs MEMFAULT_COREDUMP_HEAP_STATS_LOCK_ENABLE 0"
#endif

#if !defined(__ASSEMBLER__) && !defined(__IAR_SYSTEMS_ASM__)

  #if MEMFAULT_FREERTOS_PORT_HEAP_STATS_ENABLE
    #include "memfault/core/heap_stats.h"
  #endif

  #ifdef __cplusplus
extern "C" {
  #endif

/**
 * A task was created; the kernel calls it with the task's control block, in a critical section. Up
 * to MEMFAULT_PLATFORM_MAX_TRACKED_TASKS tasks are known at a time; one more is an error in the
 * log.
 */
void memfault_freertos_trace_task_create(void *tcb);

/** A task is deleted. One that is not known is ignored. */
void memfault_freertos_trace_task_delete(void *tcb);

  #ifdef __cplusplus
}
  #endif

  #ifndef traceTASK_CREATE
    #define traceTASK_CREATE(pxNewTcb) memfault_freertos_trace_task_create(pxNewTcb)
  #endif

  #ifndef traceTASK_DELETE
    #define traceTASK_DELETE(pxTaskToDelete) memfault_freertos_trace_task_delete(pxTaskToDelete)
  #endif

  #if MEMFAULT_FREERTOS_PORT_HEAP_STATS_ENABLE
    #ifndef traceMALLOC
      #define traceMALLOC(pvReturn, xWantedSize) MEMFAULT_HEAP_STATS_MALLOC(pvReturn, xWantedSize)
    #endif

    #ifndef traceFREE
      #define traceFREE(pv, xBlockSize) MEMFAULT_HEAP_STATS_FREE(pv)
    #endif
  #endif

#endif
