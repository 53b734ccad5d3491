/* For test_demo_alone.c: the demo without panics and metrics. */
#pragma once

#define MEMFAULT_DEMO_CLI_SELF_TEST 1
#define MEMFAULT_DEMO_SHELL_RX_BUFFER_SIZE 32
