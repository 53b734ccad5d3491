/* Must not compile: kMfltTraceReasonUser_no_such_reason */
#include "memfault/components.h"

void capture(void);
void capture(void) {
  MEMFAULT_TRACE_EVENT(no_such_reason);
}
