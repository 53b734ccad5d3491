/* CRC-32 as zlib computes it, for checksums of what the SDK puts out. Start with 0. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t bench_crc32(uint32_t crc, const void *data, size_t len);
