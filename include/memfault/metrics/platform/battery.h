/* The platform's battery (spec 40, chapter 16), with MEMFAULT_METRICS_BATTERY_ENABLE.
 * Interface only: the library functions that call this hook arrive with the metrics component.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct MfltPlatformBatterySoc {
  /* State of charge: percent times MEMFAULT_METRICS_BATTERY_SOC_PCT_SCALE_VALUE. */
  uint32_t soc;
  bool discharging;
} sMfltPlatformBatterySoc;

/**
 * Reads the battery. Returns 0 if soc is valid; discharging has to be right in any case. Supplied
 * by firmware.
 */
int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc);

#ifdef __cplusplus
}
#endif
