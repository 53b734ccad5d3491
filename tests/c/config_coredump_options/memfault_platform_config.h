/* Coredumps of a device with two CPUs; without the build id, with the serial number, not encoded. */
#pragma once

#define MEMFAULT_COREDUMP_CPU_COUNT 2
#define MEMFAULT_COREDUMP_INCLUDE_BUILD_ID 0
#define MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL 1
#define MEMFAULT_DATA_SOURCE_RLE_ENABLED 0
#define MEMFAULT_COLLECT_INTERRUPT_STATE 0
#define MEMFAULT_COLLECT_FAULT_REGS 0
