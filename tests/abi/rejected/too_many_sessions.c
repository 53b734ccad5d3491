/* Must not compile: Too many sessions defined. Max allowed defined sessions is 32. */
#define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "too_many_sessions.def"
#include "../../../shim/memfault_rs_metrics.c"
