/* SDK configuration of this example: that of the others, with one more option. */
#pragma once

#include "../../common/config/memfault_platform_config.h"

/* Run-length encoding looks at the data more than once. Data that has to be fetched beforehand
 * can only be read from front to back, so it goes out as it is. */
#define MEMFAULT_DATA_SOURCE_RLE_ENABLED 0
