// Sources of custom data recordings, each with a queue that the vector supplies.
//
// Their calls are recorded as `["has_cdr", source, result]`, `["read_data", source, offset, length,
// result]` and `["mark_cdr_read", source]`.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/core/custom_data_recording.h"

#define RECORDING_SOURCES 6

void recordings_reset(void);

// Appends a recording to the queue of a source. Everything it points to has to stay valid.
void recordings_add(size_t source, const sMemfaultCdrMetadata *metadata, const uint8_t *data);

// Reads of the source fail from now on, or no longer.
void recordings_fail_reads(size_t source, bool fail);

// The source as the library wants it.
const sMemfaultCdrSourceImpl *recordings_source(size_t source);
