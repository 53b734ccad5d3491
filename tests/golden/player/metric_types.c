#include "metric_types.h"

#include <stddef.h>

#include "memfault/metrics/metrics.h"

#include "step.h"

// The firmware's own list tells the types, not the library.
#undef MEMFAULT_METRICS_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE
#undef MEMFAULT_METRICS_SESSION_KEY_DEFINE
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION
#undef MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION
#undef MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE
#define MEMFAULT_METRICS_KEY_DEFINE(key, type) type,
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE(key, type, min, max) type,
#define MEMFAULT_METRICS_STRING_KEY_DEFINE(key, max_length) kMemfaultMetricType_String,
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SCALE_VALUE(key, type, scale) type,
#define MEMFAULT_METRICS_SESSION_KEY_DEFINE(session) \
  kMemfaultMetricType_Timer, kMemfaultMetricType_Unsigned,
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION(key, type, session) type,
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_RANGE_AND_SESSION(key, type, min, max, session) type,
#define MEMFAULT_METRICS_STRING_KEY_DEFINE_WITH_SESSION(key, max_length, session) \
  kMemfaultMetricType_String,
#define MEMFAULT_METRICS_KEY_DEFINE_WITH_SESSION_AND_SCALE_VALUE(key, type, session, scale) type,

static const uint8_t kType[] = {
#include "memfault/metrics/heartbeat_config.def"
#include MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE
};

metric_value metric_value_arg(const char *key) {
  if (arg_is_text(key)) {
    return (metric_value){ .text = arg_text(key) };
  }
  return (metric_value){ .number = arg_int(key) };
}

int metric_set(int metric, const metric_value *value) {
  const MemfaultMetricId key = { ._impl = metric };
  if (metric < 0 || (size_t)metric >= sizeof(kType)) {
    step_abort("no such metric");
  }
  switch (kType[metric]) {
    case kMemfaultMetricType_Unsigned:
      return memfault_metrics_heartbeat_set_unsigned(key, (uint32_t)value->number);
    case kMemfaultMetricType_Signed:
      return memfault_metrics_heartbeat_set_signed(key, (int32_t)value->number);
    case kMemfaultMetricType_String:
      return memfault_metrics_heartbeat_set_string(key, value->text);
    default:
      step_abort("a metric that cannot be set");
  }
}
