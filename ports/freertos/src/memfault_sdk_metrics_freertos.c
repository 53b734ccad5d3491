//! FreeRTOS port: load of the processor and free stack of the timer task (spec 60, 15.2).

#include <stdint.h>

#include "FreeRTOS.h"
#include "memfault/metrics/metrics.h"
#include "memfault/ports/freertos/metrics.h"
#include "memfault/ports/freertos/thread_metrics.h"
#include "task.h"
#include "timers.h"

#if !defined(MEMFAULT_METRICS_HEARTBEAT_FREERTOS_CONFIG_DEF)
  #error "memfault_metrics_heartbeat_config.def must have the line \
#include ports/freertos/config/memfault_metrics_heartbeat_freertos_config.def (in quotes)"
#endif

#if MEMFAULT_FREERTOS_RUN_TIME_STATS_SINGLE_CORE

  #if defined(configRUN_TIME_COUNTER_TYPE)
typedef configRUN_TIME_COUNTER_TYPE run_time_t;
  #else
typedef uint32_t run_time_t;
  #endif

  // The kernel adds up the idle time of all cores, but has one clock.
  #if defined(configNUMBER_OF_CORES)
    #define NUM_CORES configNUMBER_OF_CORES
  #else
    #define NUM_CORES 1
  #endif

static run_time_t prv_total_run_time(void) {
  #if defined(portALT_GET_RUN_TIME_COUNTER_VALUE)
  run_time_t now;
  portALT_GET_RUN_TIME_COUNTER_VALUE(now);
  return now;
  #else
  return (run_time_t)portGET_RUN_TIME_COUNTER_VALUE();
  #endif
}

//! Percent times 100 of `total` that was not `idle`; `total` is not 0.
static uint32_t prv_usage(uint64_t idle, uint64_t total) {
  if (idle > total) {
    idle = total; // the two counters are not read at the same moment
  }
  if (total > UINT64_MAX / 10000) {
    // Of counters this large the lowest digits do not count.
    idle /= 10000;
    total /= 10000;
  }
  return (uint32_t)(10000 - idle * 10000 / total);
}

static void prv_record_load(void) {
  static run_time_t s_last_idle;
  static run_time_t s_last_total;
  const run_time_t idle = ulTaskGetIdleRunTimeCounter();
  const run_time_t total = prv_total_run_time();
  // In the type of the counters, which may have wrapped.
  const run_time_t idle_time = (run_time_t)(idle - s_last_idle);
  const run_time_t total_time = (run_time_t)(total - s_last_total);
  s_last_idle = idle;
  s_last_total = total;
  if (total_time != 0) {
    MEMFAULT_METRIC_SET_UNSIGNED(cpu_usage_pct,
                                 prv_usage(idle_time, (uint64_t)total_time * NUM_CORES));
  }
}

#endif

void memfault_freertos_port_task_runtime_metrics(void) {
#if MEMFAULT_FREERTOS_RUN_TIME_STATS_SINGLE_CORE
  prv_record_load();
#endif
#if MEMFAULT_FREERTOS_COLLECT_TIMER_STACK_FREE_BYTES
  MEMFAULT_METRIC_SET_UNSIGNED(
    timer_task_stack_free_bytes,
    (uint32_t)(uxTaskGetStackHighWaterMark(xTimerGetTimerDaemonTaskHandle()) *
               sizeof(StackType_t)));
#endif
#if MEMFAULT_FREERTOS_COLLECT_THREAD_METRICS
  memfault_freertos_port_thread_metrics();
#endif
}
