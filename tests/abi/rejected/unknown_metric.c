/* Must not compile: kMfltMetricsIndex_heartbeat__no_such_metric */
#include "memfault/components.h"

int add(void);
int add(void) {
  return MEMFAULT_METRIC_ADD(no_such_metric, 1);
}
