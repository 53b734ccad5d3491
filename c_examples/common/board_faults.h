/*
 * What a firmware that crashes needs from its board, besides board.h: mistakes have to fault, a
 * task needs a stack with a guard, and a hang needs a watchdog.
 */
#pragma once

#include <stdint.h>

/*
 * Makes mistakes fault that this core lets pass after reset. Each of them gets an exception of its
 * own where the core has one.
 *
 *   address 0            v7-M and v8-M: by the MPU. AArch64: not mapped. RISC-V: nothing there.
 *                        v6-M: cannot; the vector table is read
 *   division by zero     v7-M and v8-M. Elsewhere the instruction has a result, or there is none
 *   stack of a task      v7-M: MPU. v8-M: stack limit. RISC-V: PMP. AArch64: page not mapped.
 *                        v6-M: words that the tick interrupt looks at
 */
void board_enable_fault_traps(void);

/* Runs `work` as a task would: on a stack of its own (PSP on Cortex-M). Returns when it does. */
void board_run_in_task(void (*work)(void));

/* The stack of the task, from the end of the guard to the top, and the guard below it. (Armv8-M has
 * a register for the limit and would need no guard.) */
typedef struct {
  uintptr_t guard_start;
  uintptr_t guard_end;
  uintptr_t stack_top;
} board_task_stack_t;

board_task_stack_t board_task_stack(void);

/* Starts the watchdog: unless fed within `timeout_ms`, its interrupt takes a coredump with the
 * reason kMfltRebootReason_SoftwareWatchdog. It cannot be stopped. */
void board_start_watchdog(uint32_t timeout_ms);
void board_feed_watchdog(void);

/* An address to which the bus answers with an error, on all boards of the architecture. */
#if defined(__arm__)
#define BOARD_NO_DEVICE_ADDRESS 0x70000000u
#elif defined(__riscv)
#define BOARD_NO_DEVICE_ADDRESS 0x18000000u
#elif defined(__aarch64__)
#define BOARD_NO_DEVICE_ADDRESS 0x0B000000u
#endif
