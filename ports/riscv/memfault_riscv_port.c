/*
 * What the SDK leaves to the port on a bare-metal RISC-V (spec 50, 9.1 and 9.9): traps become
 * coredumps, and assertions become traps. Copy this file and memfault_riscv_trap.S into your
 * firmware; the header says what you have to supply.
 */
#include "memfault/ports/riscv.h"

#include <stdbool.h>

#include "memfault/core/arch.h"
#include "memfault/core/compiler.h"
#include "memfault/core/platform/core.h"
#include "memfault/panics/arch/riscv/riscv.h"
#include "memfault/panics/assert.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/fault_handling.h"

#define MCAUSE_INTERRUPT 0x80000000u
#define MCAUSE_INSTRUCTION_MISALIGNED 0u
#define MCAUSE_INSTRUCTION_ACCESS 1u
#define MCAUSE_ILLEGAL_INSTRUCTION 2u
#define MCAUSE_LOAD_MISALIGNED 4u
#define MCAUSE_LOAD_ACCESS 5u
#define MCAUSE_STORE_MISALIGNED 6u
#define MCAUSE_STORE_ACCESS 7u
#define MCAUSE_INSTRUCTION_PAGE 12u
#define MCAUSE_LOAD_PAGE 13u
#define MCAUSE_STORE_PAGE 15u

/* The words of Arm for what happened; mcause itself is in the coredump. */
static eMemfaultRebootReason reason_of(uint32_t mcause) {
  switch (mcause) {
    case MCAUSE_INSTRUCTION_ACCESS:
    case MCAUSE_LOAD_ACCESS:
    case MCAUSE_STORE_ACCESS:
    case MCAUSE_INSTRUCTION_PAGE:
    case MCAUSE_LOAD_PAGE:
    case MCAUSE_STORE_PAGE:
      return kMfltRebootReason_MemFault;
    case MCAUSE_INSTRUCTION_MISALIGNED:
    case MCAUSE_ILLEGAL_INSTRUCTION:
    case MCAUSE_LOAD_MISALIGNED:
    case MCAUSE_STORE_MISALIGNED:
      return kMfltRebootReason_UsageFault;
    default:
      return kMfltRebootReason_HardFault;
  }
}

/* mscratch is 0 while a trap is handled. */
bool memfault_arch_is_inside_isr(void) {
  uint32_t mscratch;
  __asm volatile("csrr %0, mscratch" : "=r"(mscratch));
  return mscratch == 0;
}

static const sMfltRegState *s_interrupted;

const sMfltRegState *memfault_port_riscv_interrupted(void) {
  return s_interrupted;
}

void memfault_port_riscv_trap(const sMfltRegState *regs) {
  if ((regs->mcause & MCAUSE_INTERRUPT) != 0) {
    const sMfltRegState *const outer = s_interrupted;
    s_interrupted = regs;
    memfault_port_riscv_interrupt(regs);
    s_interrupted = outer;
  } else {
    memfault_fault_handler(regs, reason_of(regs->mcause));
  }
}

/* With a debugger attached this is the place to stop; there is no common way to ask for one. */
MEMFAULT_WEAK void memfault_platform_halt_if_debugging(void) {
}

/* The trap that takes the coredump. The reason is noted by then, and stays. */
MEMFAULT_NORETURN static void trap(void) {
#if MEMFAULT_ASSERT_HALT_IF_DEBUGGING_ENABLED
  memfault_platform_halt_if_debugging();
#endif
  __asm volatile("unimp");
  memfault_platform_reboot();
  MEMFAULT_UNREACHABLE;
}

void memfault_fault_handling_assert(void *pc, void *lr) {
  memfault_arch_fault_handling_assert(pc, lr, kMfltRebootReason_Assert);
  trap();
}

void memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *extra_info) {
  memfault_arch_fault_handling_assert(pc, lr, extra_info->assert_reason);
  trap();
}
