/* What this firmware wants to see after a crash, and which addresses can be read at all. */
#include <stddef.h>
#include <stdint.h>

#include "board_faults.h"
#include "crashes.h"
#include "memfault/core/math.h"
#include "memfault/panics/platform/coredump.h"
#if defined(__riscv)
#include "memfault/panics/arch/riscv/riscv.h"
#include "memfault/ports/riscv.h"
#elif defined(__aarch64__)
#include "memfault/panics/arch/arm/aarch64.h"
#include "memfault/ports/aarch64.h"
#else
#include "memfault/panics/arch/arm/cortex_m.h"
#endif

#define STACK_BYTES 512u

/* From sections.ld. */
extern char board_ram_start[], board_ram_end[];

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  const uintptr_t start = (uintptr_t)start_addr;
  const uintptr_t ram_start = (uintptr_t)board_ram_start;
  const uintptr_t ram_end = (uintptr_t)board_ram_end;
  if (start < ram_start || start >= ram_end) {
    return 0;
  }
  return MEMFAULT_MIN(desired_size, ram_end - start);
}

/* The end of a stack that is in use. A stack that overflowed begins inside its guard, which cannot
 * be read everywhere, and has nothing in it. */
static sMfltCoredumpRegion stack_region(uintptr_t sp) {
  const board_task_stack_t task = board_task_stack();
  if (sp >= task.guard_start && sp < task.guard_end) {
    sp = task.guard_end;
  }
  const size_t size = memfault_platform_sanitize_address_range((void *)sp, STACK_BYTES);
  return MEMFAULT_COREDUMP_MEMORY_REGION_INIT((void *)sp, (uint32_t)size);
}

/* The stack that was in use. */
static uintptr_t crashed_stack(const sCoredumpCrashInfo *crash_info) {
#if defined(__riscv)
  /* The SDK's stack_address is s0 here, which is a stack pointer only in Zephyr's trap code. */
  if (crash_info->exception_reg_state != NULL) {
    return crash_info->exception_reg_state->sp;
  }
#endif
  return (uintptr_t)crash_info->stack_address;
}

/* After a crash in an interrupt: the other stack, of the thread that was interrupted. 0: none. */
static uintptr_t interrupted_stack(const sMfltRegState *regs) {
  uintptr_t sp = 0;
#if defined(__riscv)
  (void)regs;
  const sMfltRegState *const interrupted = memfault_port_riscv_interrupted();
  if (interrupted != NULL) {
    sp = interrupted->sp;
  }
#elif defined(__aarch64__)
  if (regs != NULL && (regs->cpsr & 1u) != 0) { /* it ran on SP_EL1 */
    __asm volatile("mrs %0, sp_el0" : "=r"(sp));
  }
#else
  if ((regs->exc_return & (1u << 3)) == 0) { /* does not return to a thread */
    __asm volatile("mrs %0, psp" : "=r"(sp));
  }
#endif
  return sp;
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  static sMfltCoredumpRegion s_regions[4];
  size_t count = 0;
  const uintptr_t sp = crashed_stack(crash_info);
  const uintptr_t other_sp = interrupted_stack(crash_info->exception_reg_state);
  s_regions[count++] = stack_region(sp);
  s_regions[count++] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(&g_crash_notes, sizeof(g_crash_notes));
#if defined(__aarch64__)
  s_regions[count++] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(&g_memfault_port_aarch64_fault,
                                                            sizeof(g_memfault_port_aarch64_fault));
#endif
  if (other_sp != 0 && other_sp != sp) {
    s_regions[count++] = stack_region(other_sp);
  }
  *num_regions = count;
  return s_regions;
}
