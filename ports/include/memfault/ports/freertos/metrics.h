/* Metrics about a FreeRTOS system: load, stacks (spec 60 §15.2). Their keys are defined by
 * ports/freertos/config/memfault_metrics_heartbeat_freertos_config.def, which the firmware's own
 * memfault_metrics_heartbeat_config.def includes.
 */
#pragma once

#include "FreeRTOS.h"
#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the kernel is of this version or newer; for #if. */
#define MEMFAULT_FREERTOS_VERSION_GTE(major, minor, build)                               \
  (tskKERNEL_VERSION_MAJOR > (major) ||                                                  \
   (tskKERNEL_VERSION_MAJOR == (major) &&                                                \
    (tskKERNEL_VERSION_MINOR > (minor) ||                                                \
     (tskKERNEL_VERSION_MINOR == (minor) && tskKERNEL_VERSION_BUILD >= (build)))))

/* cpu_usage_pct, from the kernel's run-time statistics. */
#ifndef MEMFAULT_FREERTOS_COLLECT_RUN_TIME_STATS
  #if defined(configGENERATE_RUN_TIME_STATS) && defined(configUSE_TRACE_FACILITY)
    #define MEMFAULT_FREERTOS_COLLECT_RUN_TIME_STATS                    \
      (configGENERATE_RUN_TIME_STATS == 1 && configUSE_TRACE_FACILITY == 1 && \
       MEMFAULT_FREERTOS_VERSION_GTE(10, 2, 0))
  #else
    #define MEMFAULT_FREERTOS_COLLECT_RUN_TIME_STATS 0
  #endif
#endif

/* 1: timer_task_stack_free_bytes. */
#ifndef MEMFAULT_FREERTOS_COLLECT_TIMER_STACK_FREE_BYTES
  #define MEMFAULT_FREERTOS_COLLECT_TIMER_STACK_FREE_BYTES 1
#endif

/* 1: memfault_freertos_port_task_runtime_metrics() sets the metrics of thread_metrics.h too. */
#ifndef MEMFAULT_FREERTOS_COLLECT_THREAD_METRICS
  #define MEMFAULT_FREERTOS_COLLECT_THREAD_METRICS 1
#endif

/* 1: keys for the kernel's own tasks, memory_idle_pct_max and memory_tmr_svc_pct_max. */
#ifndef MEMFAULT_METRICS_THREADS_DEFAULTS
  #define MEMFAULT_METRICS_THREADS_DEFAULTS 1
#endif

/* 1: a (weak) list of threads with those two. */
#ifndef MEMFAULT_METRICS_THREADS_DEFAULTS_INDEX
  #define MEMFAULT_METRICS_THREADS_DEFAULTS_INDEX 1
#endif

/* Percentages of stacks are sent times this number. */
#ifndef MEMFAULT_METRICS_THREADS_MEMORY_SCALE_FACTOR
  #define MEMFAULT_METRICS_THREADS_MEMORY_SCALE_FACTOR 100
#endif

#if MEMFAULT_FREERTOS_COLLECT_RUN_TIME_STATS
  #define MEMFAULT_FREERTOS_RUN_TIME_STATS_SINGLE_CORE 1
#else
  #define MEMFAULT_FREERTOS_RUN_TIME_STATS_SINGLE_CORE 0
#endif

/* A percentage for each core of its own (ESP-IDF's kernel) is not supported. With the kernel's own
 * multi-core support, cpu_usage_pct is the load of all cores together. */
#define MEMFAULT_FREERTOS_RUN_TIME_STATS_MULTI_CORE 0

/**
 * Sets the metrics of the port: load since the previous call, free stack of the timer task, and
 * those of memfault_freertos_port_thread_metrics(). Call it in
 * memfault_metrics_heartbeat_collect_data(). Not for interrupts.
 */
void memfault_freertos_port_task_runtime_metrics(void);

#ifdef __cplusplus
}
#endif
