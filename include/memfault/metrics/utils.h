/* Looking at all metrics (spec 40, chapter 12).
 * Interface only: the library functions of this header arrive with the metrics component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/metrics/metrics.h"

#ifdef __cplusplus
extern "C" {
#endif

union MemfaultMetricValue {
  uint32_t u32;
  int32_t i32;
  /* A string, ended by a NUL. */
  void *ptr;
};

typedef struct {
  MemfaultMetricId key;
  eMemfaultMetricType type;
  /* For integers only. */
  bool is_set;
  union MemfaultMetricValue val;
  eMfltMetricsSessionIndex session_key;
} sMemfaultMetricInfo;

/** Takes one metric; *metric_info is valid during the call only. False ends the iteration. */
typedef bool (*MemfaultMetricIteratorCallback)(void *ctx, const sMemfaultMetricInfo *metric_info);

/** Calls cb for every metric, those of sessions too, under memfault_lock(). */
void memfault_metrics_heartbeat_iterate(MemfaultMetricIteratorCallback cb, void *ctx);

/** Number of metrics of the heartbeat, or of a session. */
size_t memfault_metrics_heartbeat_get_num_metrics(void);
size_t memfault_metrics_session_get_num_metrics(eMfltMetricsSessionIndex session_key);

#ifdef __cplusplus
}
#endif
