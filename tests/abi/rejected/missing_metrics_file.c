/* Must not compile: no_such_file.def */
#define MEMFAULT_METRICS_USER_HEARTBEAT_DEFS_FILE "no_such_file.def"
#include "memfault/metrics/metrics.h"
