/* Must not compile: kMfltMetricsIndex_heartbeat__jobs */
#define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "metric_defined_twice.def"
#include "memfault/metrics/metrics.h"
