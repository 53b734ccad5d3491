/* Must not compile: MEMFAULT_METRICS_KEY_DEFINE should only be used in */
#include "memfault/components.h"

MEMFAULT_METRICS_KEY_DEFINE(misplaced, kMemfaultMetricType_Unsigned);
