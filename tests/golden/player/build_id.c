#include "build_id.h"

#include <string.h>

// A build for unit tests makes both objects writable. Own declarations (spec 20 section 14.1): only
// the first byte and the derived id matter here, and the private header would bring in more.
extern uint8_t g_memfault_build_id[];
extern uint8_t g_memfault_sdk_derived_build_id[];

enum { kType_None = 1, kType_MemfaultBuildIdSha1 = 3 };

void set_build_id(const uint8_t *id) {
  if (id != NULL) {
    memcpy(g_memfault_sdk_derived_build_id, id, BUILD_ID_LEN);
  }
  g_memfault_build_id[0] = id != NULL ? kType_MemfaultBuildIdSha1 : kType_None;
}
