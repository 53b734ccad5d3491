/* Must not compile: kMfltMetricsSessionKey_heartbeat */
#define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "session_of_the_heartbeats_name.def"
#include "memfault/metrics/metrics.h"
