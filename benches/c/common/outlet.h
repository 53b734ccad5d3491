/* Where recorded events leave the benchmark firmware: the basic drain loop. */
#pragma once

#include <stddef.h>

/* Empties the packetizer, unseen. */
void outlet_drain(void);

/* Counts the instructions of emptying the packetizer with a buffer of `len` bytes under `id`. */
void outlet_count_drain(const char *id, size_t len);

/*
 * Empties the packetizer with the largest buffer, 1500 bytes, and reports what came out: `message
 * <id> chunks=.. bytes=.. crc32=..` and the first chunk as `bytes <id> <hex>`.
 */
void outlet_drain_and_report(const char *id);
