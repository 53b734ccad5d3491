/* Connectivity metrics (spec 40, chapter 17), each part with its option.
 * Interface only: the library functions of this header arrive with the metrics component.
 */
#pragma once

#include "memfault/config.h"

#ifdef __cplusplus
extern "C" {
#endif

#if MEMFAULT_METRICS_SYNC_SUCCESS
/** Count what the firmware calls a sync: data that it exchanged with its cloud or phone. */
void memfault_metrics_connectivity_record_sync_success(void);
void memfault_metrics_connectivity_record_sync_failure(void);
#endif

#if MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS
/** Count uploads of the SDK's own data. */
void memfault_metrics_connectivity_record_memfault_sync_success(void);
void memfault_metrics_connectivity_record_memfault_sync_failure(void);
#endif

#if MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME

typedef enum {
  /* No connection is wanted. */
  kMemfaultMetricsConnectivityState_Stopped = 0,
  /* A connection is wanted. */
  kMemfaultMetricsConnectivityState_Started,
  kMemfaultMetricsConnectivityState_Connected,
  kMemfaultMetricsConnectivityState_ConnectionLost,

  /* Number of states, not a state. */
  kMemfaultMetricsConnectivityState_NumStates,
} eMemfaultMetricsConnectivityState;

/** Call at every change. */
void memfault_metrics_connectivity_connected_state_change(eMemfaultMetricsConnectivityState state);

#endif

#ifdef __cplusplus
}
#endif
