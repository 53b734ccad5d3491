/* Coredumps as they are by default, on a small device. */
#pragma once

#define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE 640
#define MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT 64
