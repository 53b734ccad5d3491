/* Must not compile: kMfltMetricsSessionKey_nowhere */
#define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "metric_of_unknown_session.def"
#include "../../../shim/memfault_rs_metrics.c"
