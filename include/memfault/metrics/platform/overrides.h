/* The application's hook for metrics (spec 40, chapter 9).
 * Interface only: the library functions that call this hook arrive with the metrics component.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Sets metrics that are sampled once per heartbeat, right before they are sent. Weak, does nothing.
 */
void memfault_metrics_heartbeat_collect_data(void);

#ifdef __cplusplus
}
#endif
