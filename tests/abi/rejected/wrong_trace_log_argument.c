/* Must not compile: -Werror */
#include "memfault/components.h"

void capture(void);
void capture(void) {
  MEMFAULT_TRACE_EVENT_WITH_LOG(widget_jam, "%s", 1);
}
