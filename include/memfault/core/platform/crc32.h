/* A CRC-32 of the platform (spec 20, 16.3). */
#pragma once

#include <stddef.h>

#include "memfault/core/inttypes_compat.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * CRC-32 of data_len bytes. For ports that have such hardware; the library itself never calls it.
 */
uint32_t memfault_platform_crc32(const void *data, size_t data_len);

#ifdef __cplusplus
}
#endif
