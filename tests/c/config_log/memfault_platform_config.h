/* For test_log.c: a line length that leaves no padding behind the message, and all that is off by default. */
#pragma once

#define MEMFAULT_LOG_MAX_LINE_SAVE_LEN 131
#define MEMFAULT_LOG_RESTORE_STATE 1
#define MEMFAULT_CDR_ENABLE 1
#define MEMFAULT_CDR_MAX_DATA_SOURCES 2
#define MEMFAULT_HEAP_STATS_MAX_COUNT 3
