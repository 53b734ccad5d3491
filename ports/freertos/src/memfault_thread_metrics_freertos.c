//! FreeRTOS port: how full the stacks of chosen tasks ever were (spec 60, 15.2).

#include <stddef.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "memfault/core/compiler.h"
#include "memfault/metrics/metrics.h"
#include "memfault/ports/freertos/metrics.h"
#include "memfault/ports/freertos/thread_metrics.h"
#include "task.h"

// Whether the kernel keeps the end of a stack.
#ifndef MEMFAULT_FREERTOS_PXENDOFSTACK_AVAILABLE
  #if portSTACK_GROWTH > 0
    #define MEMFAULT_FREERTOS_PXENDOFSTACK_AVAILABLE 1
  #elif defined(configRECORD_STACK_HIGH_ADDRESS) && configRECORD_STACK_HIGH_ADDRESS == 1
    #define MEMFAULT_FREERTOS_PXENDOFSTACK_AVAILABLE 1
  #else
    #define MEMFAULT_FREERTOS_PXENDOFSTACK_AVAILABLE 0
  #endif
#endif

#if MEMFAULT_METRICS_THREADS_DEFAULTS && MEMFAULT_METRICS_THREADS_DEFAULTS_INDEX

// The kernel's own tasks, whose names can be configured.
  #ifndef configIDLE_TASK_NAME
    #define configIDLE_TASK_NAME "IDLE"
  #endif
  #ifndef configTIMER_SERVICE_TASK_NAME
    #define configTIMER_SERVICE_TASK_NAME "Tmr Svc"
  #endif

MEMFAULT_WEAK MEMFAULT_METRICS_DEFINE_THREAD_METRICS(
  {
    .thread_name = configIDLE_TASK_NAME,
    .stack_usage_metric_key = MEMFAULT_METRICS_KEY(memory_idle_pct_max),
  },
  {
    .thread_name = configTIMER_SERVICE_TASK_NAME,
    .stack_usage_metric_key = MEMFAULT_METRICS_KEY(memory_tmr_svc_pct_max),
  });

#else

// Firmware without threads to watch; its own list takes the place of this one.
MEMFAULT_WEAK const sMfltFreeRTOSTaskMetricsIndex g_memfault_thread_metrics_index[] = { { 0 } };

#endif

#if MEMFAULT_FREERTOS_PXENDOFSTACK_AVAILABLE

//! Size of a task's stack in bytes. No function of the kernel tells it. StaticTask_t is public, and
//! mirrors the control block member by member; the names of its members are those of the kernel's
//! versions 9 to 11.
static size_t prv_stack_size(TaskHandle_t task) {
  const StaticTask_t *const tcb = (const StaticTask_t *)task;
  // First word and last word.
  const uintptr_t base = (uintptr_t)tcb->pxDummy6;
  const uintptr_t end = (uintptr_t)tcb->pxDummy8;
  return (end > base) ? end - base + sizeof(StackType_t) : 0;
}

static void prv_record_stack_usage(const sMfltFreeRTOSTaskMetricsIndex *thread) {
  TaskHandle_t task = (thread->get_task_handle != NULL) ? thread->get_task_handle() : NULL;
  if (task == NULL) {
    task = xTaskGetHandle(thread->thread_name);
  }
  if (task == NULL) {
    return;
  }
  const size_t size = prv_stack_size(task);
  const size_t unused = (size_t)uxTaskGetStackHighWaterMark(task) * sizeof(StackType_t);
  if (unused > size || size == 0) {
    return; // the control block is not what we take it for
  }
  const uint64_t used_scaled =
    (uint64_t)(size - unused) * 100 * MEMFAULT_METRICS_THREADS_MEMORY_SCALE_FACTOR;
  memfault_metrics_heartbeat_set_unsigned(thread->stack_usage_metric_key,
                                          (uint32_t)(used_scaled / size));
}

#endif

void memfault_freertos_port_thread_metrics(void) {
#if MEMFAULT_FREERTOS_PXENDOFSTACK_AVAILABLE
  for (const sMfltFreeRTOSTaskMetricsIndex *thread = g_memfault_thread_metrics_index;
       thread->thread_name != NULL; thread++) {
    prv_record_stack_usage(thread);
  }
#endif
}
