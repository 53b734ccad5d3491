/* Must not compile: -Werror */
#include "memfault/components.h"

void save(void);
void save(void) {
  MEMFAULT_SDK_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "%s", 1);
}
