/* Must not compile: Scale values are only valid for signed and unsigned integer metrics */
#define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "scaled_timer.def"
#include "../../../shim/memfault_rs_metrics.c"
