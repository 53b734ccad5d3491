// The firmware of the worked example of spec 80 §7.8: a kettle. Built by the tests for its ELF file,
// never run. The events are on the lines of the example, so nothing may move.

#include <stdint.h>

#include "kettle.h"
#include "memfault/core/compact_log_helpers.h"
#include "memfault/core/reboot_reason_types.h"
#include "memfault/core/trace_event.h"
#include "memfault/metrics/metrics.h"

#define SAVE_LOG(format, ...)                                                                      \
  do {                                                                                             \
    MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY(format, __VA_ARGS__);                                       \
    save_log(MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY_PTR, MFLT_GET_COMPRESSED_LOG_FMT(__VA_ARGS__),     \
             __VA_ARGS__);                                                                         \
  } while (0)

// Enough code on one line that the address of the example lies in it.
#define STRETCH() __asm__ volatile(".rept 200\n nop\n .endr")

int main(void) {
  MEMFAULT_METRIC_ADD(pump_starts, 1);
  // Lines 25 to 28 of the example.
  MEMFAULT_TRACE_EVENT_WITH_LOG(sensor_lost, "bus %d name %s", 3, "i2c0");
  MEMFAULT_TRACE_EVENT_WITH_STATUS(valve_stuck, -12); STRETCH();
  SAVE_LOG("water %d ml, %s", 250, "low");
  SAVE_LOG("big %lld f %f", -5000000000LL, 0.5);
  return kMfltRebootReason_descaled;
}
