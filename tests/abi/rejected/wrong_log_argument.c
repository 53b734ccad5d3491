/* Must not compile: -Werror */
#include "memfault/components.h"

/* The log buffer is not in the library, but what would be stored is checked all the same. */
void save(void);
void save(void) {
  MEMFAULT_SDK_LOG_SAVE(kMemfaultPlatformLogLevel_Info, "%s", 1);
}
