/* Must not compile: kMemfaultMetricType_String */
#define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "metric_of_unknown_type.def"
#include "memfault/metrics/metrics.h"
