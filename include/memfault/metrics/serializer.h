/* Metrics as events (spec 40, chapter 14). The metrics component calls these.
 * Interface only: the library functions of this header arrive with the metrics component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/core/event_storage.h"
#include "memfault/metrics/ids_impl.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the largest event with the current strings and device info. */
size_t memfault_metrics_heartbeat_compute_worst_case_storage_size(void);
size_t memfault_metrics_session_compute_worst_case_storage_size(eMfltMetricsSessionIndex session);

/** Write an event with the current values. False: it did not fit. */
bool memfault_metrics_heartbeat_serialize(const sMemfaultEventStorageImpl *storage_impl);
bool memfault_metrics_session_serialize(const sMemfaultEventStorageImpl *storage_impl,
                                        eMfltMetricsSessionIndex session);

#ifdef __cplusplus
}
#endif
