/* Start of a port's connectivity metrics (spec 40, chapter 8).
 * Interface only: the library function that calls this hook arrives with the metrics component.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Last step of memfault_metrics_boot() with MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT. Supplied
 * by the port.
 */
void memfault_platform_metrics_connectivity_boot(void);

#ifdef __cplusplus
}
#endif
