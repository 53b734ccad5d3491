/* Everything that this firmware keeps in RAM is in its coredumps. */
#pragma once

#include "../../../../../c_examples/common/config/memfault_platform_config.h"

#define MEMFAULT_COMPACT_LOG_ENABLE 1
#define MEMFAULT_CDR_ENABLE 1
#define MEMFAULT_TASK_WATCHDOG_ENABLE 1
#define MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS 50
#define MEMFAULT_HEAP_STATS_MAX_COUNT 4
#define MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS 1
#define MEMFAULT_COREDUMP_COLLECT_HEAP_STATS 1
#define MEMFAULT_COREDUMP_COLLECT_TASK_WATCHDOG_REGION 1
#define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE 4096

/* The SDK's watchdog handler takes the name that the vector table has for the interrupt. */
#define MEMFAULT_EXC_HANDLER_WATCHDOG BOARD_WATCHDOG_HANDLER
