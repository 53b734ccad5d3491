/* Hours of operation with and without a crash (spec 40, chapter 15). The metrics component calls
 * these.
 * Interface only: the library functions of this header arrive with the metrics component.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  /* Milliseconds since boot. */
  uint32_t last_heartbeat_ms;
  /* Not yet a full hour. */
  uint32_t operational_ms;
  /* The crash before this boot has been charged. */
  bool counted_unexpected_reboot;
} sMemfaultMetricsReliabilityCtx;

/** Starts the count: from *ctx, or with NULL from now. */
void memfault_metrics_reliability_boot(sMemfaultMetricsReliabilityCtx *ctx);

/** The live state. */
sMemfaultMetricsReliabilityCtx *memfault_metrics_reliability_get_ctx(void);

/** Adds the full hours to their metrics. */
void memfault_metrics_reliability_collect(void);

#ifdef __cplusplus
}
#endif
