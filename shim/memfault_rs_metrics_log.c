//! The log lines of battery and connectivity metrics (spec 40, chapters 16 and 17).
//!
//! They are compiled with the firmware, so that its log configuration holds for the SDK's own lines
//! too. The library calls them; one function per line, so that the linker drops what is not used.
//! Where the macros expand to nothing, the arguments go unused.

#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/debug_log.h"

//! Called by the library. Not for firmware.
void memfault_rs_log_battery_soc_invalid(int32_t current, int32_t last);
void memfault_rs_log_battery_stop_missed(void);
void memfault_rs_log_battery_soc_rose(uint32_t rise);
void memfault_rs_log_connectivity_state_unknown(uint32_t state);

void memfault_rs_log_battery_soc_invalid(int32_t current, int32_t last) {
  (void)current, (void)last;
  MEMFAULT_LOG_DEBUG("Current (%d) or prev (%d) SOC invalid, dropping data", (int)current,
                     (int)last);
}

void memfault_rs_log_battery_stop_missed(void) {
  MEMFAULT_LOG_DEBUG("Stopped-discharging event missed, dropping data");
}

void memfault_rs_log_battery_soc_rose(uint32_t rise) {
  const uint32_t scale = MEMFAULT_METRICS_BATTERY_SOC_PCT_SCALE_VALUE;
  const uint32_t percent = rise / scale;
  const uint32_t thousandths = (rise % scale) * 1000 / scale;
  (void)percent, (void)thousandths;
  MEMFAULT_LOG_DEBUG("Battery drop was negative (-%u.%03u%%), skipping", (unsigned int)percent,
                     (unsigned int)thousandths);
}

void memfault_rs_log_connectivity_state_unknown(uint32_t state) {
  (void)state;
  MEMFAULT_LOG_ERROR("Unexpected connection state: %u", (unsigned int)state);
}
