/* For tests of the log as a message (spec 30, 8.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "memfault/util/cbor.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Is a message on its way? No lock. */
bool memfault_log_data_source_has_been_triggered(void);

/** Forgets the message; its lines stay unsent. */
void memfault_log_data_source_reset(void);

/** Counts the lines that were not sent yet, under the lock. */
size_t memfault_log_data_source_count_unsent_logs(void);

#ifdef __cplusplus
}
#endif
