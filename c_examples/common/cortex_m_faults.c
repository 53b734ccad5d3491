/* Cortex-M: traps for mistakes, and a task on the process stack (PSP). */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "board.h"
#include "board_faults.h"
#include "memfault/core/compiler.h"
#include "memfault/panics/arch/arm/cortex_m.h"
#include "memfault/panics/assert.h"
#include "memfault/panics/coredump.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define SCB_CCR REG(0xE000ED14u)
#define SCB_SHCSR REG(0xE000ED24u)
#define SCB_CFSR REG(0xE000ED28u)
#define MPU_CTRL REG(0xE000ED94u)
#define MPU_RNR REG(0xE000ED98u)
#define MPU_RBAR REG(0xE000ED9Cu)
#define MPU_RASR REG(0xE000EDA0u) /* v7-M */
#define MPU_RLAR REG(0xE000EDA0u) /* v8-M */
#define MPU_MAIR0 REG(0xE000EDC0u)
#define CCR_DIV_0_TRP (1u << 4)
#define SHCSR_MEM_BUS_USAGE_FAULTS (7u << 16)
#define CFSR_MEMMANAGE_STACKING_ERROR (1u << 4)
#define MPU_CTRL_ENABLE (1u << 0)
#define MPU_CTRL_DEFAULT_MAP (1u << 2)

/* An MPU region of Armv7-M is as large as it is aligned. */
#define GUARD_LOG2_SIZE 8u
#define GUARD_SIZE (1u << GUARD_LOG2_SIZE)
#define TASK_STACK_SIZE 1024u

/* Not in .bss: what is left of the stack after a reset harms nobody. */
static struct {
  uint32_t guard[GUARD_SIZE / sizeof(uint32_t)];
  uint32_t stack[TASK_STACK_SIZE / sizeof(uint32_t)];
} s_task __attribute__((aligned(GUARD_SIZE), section(".noinit.board_task")));

board_task_stack_t board_task_stack(void) {
  return (board_task_stack_t){
    .guard_start = (uintptr_t)s_task.guard,
    .guard_end = (uintptr_t)s_task.stack,
    .stack_top = (uintptr_t)s_task.stack + sizeof(s_task.stack),
  };
}

/* No leftovers of an earlier boot: what is found in the guard afterwards was put there. */
#define GUARD_WORD 0x6A2DBEEFu
static void fill_guard(void) {
  for (size_t i = 0; i < GUARD_SIZE / sizeof(uint32_t); i++) {
    s_task.guard[i] = GUARD_WORD;
  }
}

#if __ARM_ARCH == 6

static volatile bool s_task_runs;

/* Runs in the tick interrupt. There is no MPU, so an overflow is seen late, but it is seen. */
static void check_guard(void) {
  for (size_t i = 0; s_task_runs && i < GUARD_SIZE / sizeof(uint32_t); i++) {
    MEMFAULT_ASSERT_WITH_REASON(s_task.guard[i] == GUARD_WORD, kMfltRebootReason_StackOverflow);
  }
}

void board_enable_fault_traps(void) {
  fill_guard();
  board_set_tick_hook(check_guard);
}

#elif __ARM_ARCH == 7

#define RASR_ENABLE (1u << 0)
#define RASR_SIZE(log2_size) (((log2_size) - 1u) << 1)
#define RASR_NO_ACCESS (0u << 24)
#define RASR_EXECUTE_NEVER (1u << 28)

static void forbid(uint32_t region, uintptr_t start, uint32_t log2_size) {
  MPU_RNR = region;
  MPU_RBAR = (uint32_t)start;
  MPU_RASR = RASR_EXECUTE_NEVER | RASR_NO_ACCESS | RASR_SIZE(log2_size) | RASR_ENABLE;
}

void board_enable_fault_traps(void) {
  fill_guard();
  SCB_SHCSR |= SHCSR_MEM_BUS_USAGE_FAULTS;
  SCB_CCR |= CCR_DIV_0_TRP;
  /* The first eight vectors. Only the core itself has to read them, and does so past the MPU. */
  forbid(0, 0, 5);
  forbid(1, (uintptr_t)s_task.guard, GUARD_LOG2_SIZE);
  MPU_CTRL = MPU_CTRL_DEFAULT_MAP | MPU_CTRL_ENABLE;
  __asm volatile("dsb\n isb" ::: "memory");
}

#else /* Armv8-M */

#define RBAR_READ_WRITE (0u << 1) /* for privileged code, and no other runs here */
#define RBAR_READ_ONLY (2u << 1)
#define RBAR_EXECUTE_NEVER (1u << 0)
#define RLAR_ENABLE (1u << 0)
#define RLAR_TYPE(index) ((index) << 1) /* of MPU_MAIR0 */
#define MAIR_NORMAL_NOT_CACHED 0x44u
#define MAIR_DEVICE 0x04u

static void allow(uint32_t region, uint32_t start, uint32_t end, uint32_t access, uint32_t type) {
  MPU_RNR = region;
  MPU_RBAR = start | access;
  MPU_RLAR = ((end - 1u) & ~0x1Fu) | RLAR_TYPE(type) | RLAR_ENABLE;
}

void board_enable_fault_traps(void) {
  fill_guard();
  SCB_SHCSR |= SHCSR_MEM_BUS_USAGE_FAULTS;
  SCB_CCR |= CCR_DIV_0_TRP;
  /* No region can forbid access, so allow what there is, without the default map: code, RAM, and
   * everything from the peripherals up. Then there is nothing at address 0. */
  MPU_MAIR0 = MAIR_NORMAL_NOT_CACHED | (MAIR_DEVICE << 8);
  allow(0, 0x10000000u, 0x20000000u, RBAR_READ_ONLY, 0);
  allow(1, 0x30000000u, 0x40000000u, RBAR_READ_WRITE | RBAR_EXECUTE_NEVER, 0);
  allow(2, 0x40000000u, 0x80000000u, RBAR_READ_WRITE | RBAR_EXECUTE_NEVER, 1);
  MPU_CTRL = MPU_CTRL_ENABLE;
  /* The task's stack has no guard but a limit. */
  __asm volatile("msr psplim, %0" ::"r"(s_task.stack));
  __asm volatile("dsb\n isb" ::: "memory");
}

#endif

/* Calls `work` with the process stack as the stack in use. A debugger stops here: there is no way
 * back to the caller's stack for it. */
MEMFAULT_NAKED_FUNC static void call_on_process_stack(MEMFAULT_UNUSED void (*work)(void),
                                                      MEMFAULT_UNUSED uintptr_t stack_top) {
  __asm volatile(
    ".syntax unified\n"
    "push {r4, lr}\n"
    ".cfi_undefined lr\n"
    "msr psp, r1\n"
    "mrs r1, control\n"
    "movs r2, #2\n"
    "orrs r1, r2\n"
    "msr control, r1\n"
    "isb\n"
    "blx r0\n"
    "mrs r1, control\n"
    "movs r2, #2\n"
    "bics r1, r2\n"
    "msr control, r1\n"
    "isb\n"
    "pop {r4, pc}");
}

void board_run_in_task(void (*work)(void)) {
#if __ARM_ARCH == 6
  s_task_runs = true;
#endif
  call_on_process_stack(work, board_task_stack().stack_top);
#if __ARM_ARCH == 6
  s_task_runs = false;
#endif
}

#if __ARM_ARCH >= 7
/* Called by the SDK before it does anything else. If the guard of a stack was hit, the core had no
 * place for the registers that it stores at an exception: it only moved the stack pointer, into the
 * guard. So the guard has to be readable, and what is there must not be taken for registers. */
void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason) {
  (void)reason;
  MPU_CTRL = 0;
  __asm volatile("dsb\n isb" ::: "memory");
  if ((SCB_CFSR & CFSR_MEMMANAGE_STACKING_ERROR) != 0) {
    memset(regs->exception_frame, 0, sizeof(*regs->exception_frame));
  }
}
#endif
