/* Must not compile: 16 args > MEMFAULT_LOGGING_MAX_SUPPORTED_ARGS (15)! */
#define MEMFAULT_COMPACT_LOG_ENABLE 1
#include "memfault/components.h"

void save(void);
void save(void) {
  MEMFAULT_COMPACT_LOG_SAVE(kMemfaultPlatformLogLevel_Info,
                            "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d", 1, 2, 3, 4, 5, 6, 7,
                            8, 9, 10, 11, 12, 13, 14, 15, 16);
}
