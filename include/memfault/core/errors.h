/* Return codes (spec 20, 17.2). Everywhere in the SDK 0 is success and a negative number an error.
 */
#pragma once

#include <stdint.h>

#include "memfault/core/math.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum MemfaultInternalReturnCode {
  /* Something went wrong that the caller cannot repair. */
  MemfaultInternalReturnCode_Error = -1,
  /* An argument was NULL or out of range. */
  MemfaultInternalReturnCode_InvalidInput = -2,
  /* Codes from here downwards come from the platform, see below. */
  MemfaultReturnCode_PlatformBase = -1000,
} MemfaultInternalReturnCode;

/* Error code e of the platform, of either sign, as an SDK return code: -1000 - |e|. */
#define MEMFAULT_PLATFORM_SPECIFIC_ERROR(e) \
  (MemfaultReturnCode_PlatformBase - (int)((int32_t)MEMFAULT_ABS(e) & 0x7fffffff))

#ifdef __cplusplus
}
#endif
