/* The receiving end, for one run-length encoded message (spec 10 sections 5, 6 and 9.1). */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Takes one message from the packetizer with a buffer of `chunk_len` bytes, undoes chunks and
 * run-length encoding on the way, and compares it with the coredump that was recorded. Ends the
 * program with an error if they differ. Returns the length of the message.
 */
size_t unchunk_and_compare(size_t chunk_len, const uint8_t *expected, size_t expected_len);
