/* Exceptions of a bare-metal AArch64 at EL1: ports/aarch64/.
 *
 * The firmware sets VBAR_EL1 to memfault_port_aarch64_vectors, SP_EL1 to the top of a stack for
 * exceptions, runs its threads on SP_EL0, and defines memfault_port_aarch64_interrupt().
 */
#pragma once

#include <stdint.h>

#include "memfault/panics/platform/coredump.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The table for VBAR_EL1, aligned to 2048. */
extern const char memfault_port_aarch64_vectors[];

/**
 * What the SDK's register block has no place for. Add this variable to the regions of the coredump
 * and you have the reason of the fault.
 */
typedef struct MemfaultPortAarch64Fault {
  uint64_t esr; /* ESR_EL1: class and details */
  uint64_t far; /* FAR_EL1: the address, for aborts and misaligned pc */
} sMemfaultPortAarch64Fault;
extern sMemfaultPortAarch64Fault g_memfault_port_aarch64_fault;

/**
 * Called by the vectors; `vector` is 0 for a synchronous exception, 1 IRQ, 2 FIQ, 3 SError.
 * Interrupts go to memfault_port_aarch64_interrupt(), the rest becomes a coredump and does not
 * return.
 */
void memfault_port_aarch64_exception(const sMfltRegState *regs, uint32_t vector);

/**
 * Defined by the firmware: acknowledges and handles an interrupt. The registers are those of the
 * interrupted code, which a watchdog hands on to memfault_fault_handler().
 */
void memfault_port_aarch64_interrupt(const sMfltRegState *regs);

#ifdef __cplusplus
}
#endif
