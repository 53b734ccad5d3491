/*
 * What the SDK leaves to the port on a bare-metal AArch64 at EL1 (spec 50, 9.1 and 9.8): exceptions
 * become coredumps. Copy this file and memfault_aarch64_vectors.S into your firmware; the header
 * says what you have to supply.
 */
#include "memfault/ports/aarch64.h"

#include "memfault/panics/coredump.h"

#define VECTOR_SYNCHRONOUS 0u
#define VECTOR_IRQ 1u
#define VECTOR_FIQ 2u

/* Exception classes and status codes in ESR_EL1. */
#define ESR_CLASS(esr) ((uint32_t)((esr) >> 26) & 0x3Fu)
#define ESR_STATUS(esr) ((uint32_t)(esr) & 0x3Fu)
#define CLASS_UNKNOWN 0x00u
#define CLASS_INSTRUCTION_ABORT_LOWER 0x20u
#define CLASS_INSTRUCTION_ABORT 0x21u
#define CLASS_PC_ALIGNMENT 0x22u
#define CLASS_DATA_ABORT_LOWER 0x24u
#define CLASS_DATA_ABORT 0x25u
#define CLASS_SP_ALIGNMENT 0x26u
#define STATUS_EXTERNAL_ABORT 0x10u
#define STATUS_ALIGNMENT 0x21u

sMemfaultPortAarch64Fault g_memfault_port_aarch64_fault;

/* The words of Cortex-M for what happened; ESR_EL1 tells more. */
static eMemfaultRebootReason reason_of(uint64_t esr) {
  switch (ESR_CLASS(esr)) {
    case CLASS_INSTRUCTION_ABORT_LOWER:
    case CLASS_INSTRUCTION_ABORT:
    case CLASS_DATA_ABORT_LOWER:
    case CLASS_DATA_ABORT:
      if (ESR_STATUS(esr) == STATUS_EXTERNAL_ABORT) {
        return kMfltRebootReason_BusFault;
      }
      return (ESR_STATUS(esr) == STATUS_ALIGNMENT) ? kMfltRebootReason_UsageFault
                                                   : kMfltRebootReason_MemFault;
    case CLASS_UNKNOWN: /* an undefined instruction */
    case CLASS_PC_ALIGNMENT:
    case CLASS_SP_ALIGNMENT:
      return kMfltRebootReason_UsageFault;
    default:
      return kMfltRebootReason_HardFault;
  }
}

void memfault_port_aarch64_exception(const sMfltRegState *regs, uint32_t vector) {
  if (vector == VECTOR_IRQ || vector == VECTOR_FIQ) {
    memfault_port_aarch64_interrupt(regs);
    return;
  }
  __asm volatile("mrs %0, esr_el1" : "=r"(g_memfault_port_aarch64_fault.esr));
  __asm volatile("mrs %0, far_el1" : "=r"(g_memfault_port_aarch64_fault.far));
  memfault_fault_handler(regs, (vector == VECTOR_SYNCHRONOUS)
                                 ? reason_of(g_memfault_port_aarch64_fault.esr)
                                 : kMfltRebootReason_BusFault); /* SError: the bus, some time ago */
}
