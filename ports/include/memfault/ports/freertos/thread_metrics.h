/* How much of the stack of chosen FreeRTOS tasks was ever used, as metrics (spec 60 §15.2). */
#pragma once

#include "FreeRTOS.h"
#include "memfault/metrics/metrics.h"
#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct MfltFreeRTOSTaskMetricsIndex {
  /* The task's name as given to the kernel. NULL ends a list. */
  const char *thread_name;
  /* Returns the task; NULL: it is looked for by its name, which takes longer. */
  TaskHandle_t (*get_task_handle)(void);
  /* An unsigned metric; its scale is MEMFAULT_METRICS_THREADS_MEMORY_SCALE_FACTOR. */
  MemfaultMetricId stack_usage_metric_key;
} sMfltFreeRTOSTaskMetricsIndex;

/** The tasks. Weak: the idle task and the timer task; see metrics.h. */
extern const sMfltFreeRTOSTaskMetricsIndex g_memfault_thread_metrics_index[];

/* Defines the list, to be used once outside of functions:
 *
 *   MEMFAULT_METRICS_DEFINE_THREAD_METRICS(
 *     {
 *       .thread_name = "radio",
 *       .stack_usage_metric_key = MEMFAULT_METRICS_KEY(memory_radio_pct_max),
 *     }
 *   );
 */
#define MEMFAULT_METRICS_DEFINE_THREAD_METRICS(...)                         \
  const sMfltFreeRTOSTaskMetricsIndex g_memfault_thread_metrics_index[] = { \
    __VA_ARGS__,                                                            \
    { 0 },                                                                  \
  }

/**
 * Sets the metric of each task of the list: the largest part of its stack that was ever in use, in
 * percent times MEMFAULT_METRICS_THREADS_MEMORY_SCALE_FACTOR. A task that does not exist is
 * skipped.
 *
 * Needs configRECORD_STACK_HIGH_ADDRESS 1 (or a stack that grows upwards); without it the size of a
 * stack is unknown and nothing is set. Not for interrupts.
 */
void memfault_freertos_port_thread_metrics(void);

#ifdef __cplusplus
}
#endif
