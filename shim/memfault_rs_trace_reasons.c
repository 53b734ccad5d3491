//! How many trace reasons the firmware has (spec 20, chapter 9): they are in a file that only its
//! own build sees.

#include <stdint.h>

#include "memfault/core/trace_reason_user.h"

//! Read by the library for the largest possible trace event. Not for firmware.
extern const uint32_t g_memfault_rs_num_trace_reasons;
const uint32_t g_memfault_rs_num_trace_reasons = kMfltTraceReasonUser_NumReasons;
