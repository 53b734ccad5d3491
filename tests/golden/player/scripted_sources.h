// The four data sources of the packetizer, each with a queue of messages that the vector supplies.
//
// Their calls are recorded as `["has_more", source, result, size]`, `["read", source, offset,
// length, result]` and `["mark", source]`.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/data_packetizer_source.h"

void sources_reset(void);

// Appends a message to the queue of the named source.
void source_add(const char *source, const uint8_t *message, size_t len);

// The next `count` further reads of the source fail and write nothing.
void source_fail_reads(const char *source, uint64_t count);
