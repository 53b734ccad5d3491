/* For test_demo.c: all commands. */
#pragma once

#define MEMFAULT_DEMO_CLI_SELF_TEST 1
#define MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE 1
#define MEMFAULT_DEMO_CLI_WATCHDOG 1
#define MEMFAULT_DEMO_SHELL_COMMAND_EXTENSIONS 1
#define MEMFAULT_DEMO_CLI_USER_CHUNK_SIZE 64

/* Of a watchdog that is off: there is nothing to collect. */
#define MEMFAULT_COREDUMP_COLLECT_TASK_WATCHDOG_REGION 1

/* pc and lr of events are 0, so that the bytes are those of the specification. */
#if !defined(__arm__)
#define MEMFAULT_UNITTEST 1
#endif
