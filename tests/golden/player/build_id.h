// The build id record, as the post-link tool leaves it.
#pragma once

#include <stdint.h>

#define BUILD_ID_LEN 20

// Stores the id in the record; NULL: the record says that there is none.
void set_build_id(const uint8_t *id);
