/* Reads a coredump block by block (spec 50, chapter 3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t type;
  uint32_t address;
  uint32_t len;
  const uint8_t *payload;
} coredump_block_t;

typedef struct {
  const uint8_t *bytes;
  uint32_t len; /* as in the header; 0 if this is no complete coredump */
  uint32_t at;
  bool truncated;
} coredump_image_t;

/* Checks header and footer of what lies in `storage`. */
coredump_image_t coredump_open(const void *storage, size_t storage_len);

/* The next block; false at the end. One that does not fit counts as a failed check. */
bool coredump_next(coredump_image_t *image, coredump_block_t *block);

/* The block number `index` of a type, counted from 0; a block with no payload if there are not
 * as many. */
coredump_block_t coredump_find(const void *storage, size_t storage_len, uint32_t type,
                               unsigned index);

/* Walks through all blocks; true if they fill the coredump and payloads of regions are aligned. */
bool coredump_is_well_formed(const void *storage, size_t storage_len);
