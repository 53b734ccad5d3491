/* Battery metrics (spec 40, chapter 16), with MEMFAULT_METRICS_BATTERY_ENABLE.
 * Interface only: the library functions of this header arrive with the metrics component.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/** The device has been plugged in. Works in an interrupt. */
void memfault_metrics_battery_stopped_discharging(void);

/** Sets the battery metrics; the heartbeat calls it. */
void memfault_metrics_battery_collect_data(void);

/** Starts battery metrics. Call it once, after memfault_metrics_boot(). */
void memfault_metrics_battery_boot(void);

#ifdef __cplusplus
}
#endif
