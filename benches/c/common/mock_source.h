/*
 * A data source of our own in place of the coredump source (or of the CDR source with
 * BENCH_MOCK_AS_CDR): one message, the payload. It counts and records what the packetizer asks
 * for.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a recording has seen since mock_source_record(true). */
typedef struct {
  uint32_t reads;
  uint32_t read_bytes;
  uint32_t has_more_calls;
} mock_source_totals;

extern mock_source_totals g_mock_totals;

/* Makes the message available (again), as if it had just been recorded. */
void mock_source_set_message(void);

/* Starts a recording with empty totals, or ends it. The measured runs are made with the
 * recording off. */
void mock_source_record(bool on);

/* Makes the recorded reads once more, into a scratch buffer of the same alignment, through the
 * read callback. */
void mock_source_replay(void);

/* The same loop through a function that does nothing. */
void mock_source_replay_empty(void);

/* From now on every read fails. */
void mock_source_fail_reads(bool on);
