/* Renamed handlers: interrupt 9 is in the vector table of every Cortex-M board of the examples and used by none. The MPU
 * is captured too. */
#pragma once

#define MEMFAULT_EXC_HANDLER_WATCHDOG IRQ9_Handler
#define MEMFAULT_EXC_HANDLER_DATA_ABORT RenamedDataAbort
#define MEMFAULT_COLLECT_MPU_STATE 1
