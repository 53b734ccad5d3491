/* SDK configuration of this example: that of the others, and what the shell can do. */
#pragma once

#include "../../common/config/memfault_platform_config.h"

/* The command self_test, also for the storage of coredumps. */
#define MEMFAULT_DEMO_CLI_SELF_TEST 1
#define MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE 1

/* main.c adds a command of its own. */
#define MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS 1

/* Coredumps wait in RAM until they are sent, with the stack and the log. */
#define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE 2048
#define MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT 512
#define MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS 1

/* The SDK's watchdog handler takes the name that the vector table has for the interrupt. */
#if defined(BOARD_WATCHDOG_HANDLER)
#define MEMFAULT_EXC_HANDLER_WATCHDOG BOARD_WATCHDOG_HANDLER
#endif
