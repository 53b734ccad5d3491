/* SDK configuration of this example: that of the others, and what a coredump is to have. */
#pragma once

#include "../../common/config/memfault_platform_config.h"

/* Coredumps wait in RAM until they are sent. A board with 16 KiB has less to spare. */
#if defined(__ARM_ARCH_6M__)
#define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE 2048
#else
#define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE 4096
#endif

/* coredump_regions.c chooses what is captured. */
#define MEMFAULT_PLATFORM_COREDUMP_STORAGE_REGIONS_CUSTOM 1

/* Where there is an MPU, it is worth knowing what it forbade. */
#if defined(__arm__) && !defined(__ARM_ARCH_6M__)
#define MEMFAULT_COLLECT_MPU_STATE 1
#endif

/* The SDK's watchdog handler takes the name that the vector table has for the interrupt. */
#if defined(BOARD_WATCHDOG_HANDLER)
#define MEMFAULT_EXC_HANDLER_WATCHDOG BOARD_WATCHDOG_HANDLER
#endif
