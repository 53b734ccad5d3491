/* Traps of a bare-metal RISC-V (RV32, machine mode): ports/riscv/.
 *
 * The firmware sets mtvec to memfault_port_riscv_trap_entry, mscratch to the top of a stack for
 * traps, and defines memfault_port_riscv_interrupt().
 */
#pragma once

#include "memfault/panics/platform/coredump.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The trap vector, aligned to 4; not to be called. */
void memfault_port_riscv_trap_entry(void);

/**
 * Called by the vector for every trap. Exceptions become coredumps and do not return; interrupts go
 * to memfault_port_riscv_interrupt(). Firmware that has a trap vector of its own calls this (or
 * memfault_fault_handler() right away) for exceptions.
 */
void memfault_port_riscv_trap(const sMfltRegState *regs);

/**
 * Defined by the firmware: handles the interrupt regs->mcause. The registers are those of the
 * interrupted code, which a watchdog hands on to memfault_fault_handler().
 */
void memfault_port_riscv_interrupt(const sMfltRegState *regs);

/**
 * Inside an interrupt: the registers of what it interrupted; else NULL. For a coredump of a crash
 * in an interrupt, which should have the stack of the interrupted thread too.
 */
const sMfltRegState *memfault_port_riscv_interrupted(void);

#ifdef __cplusplus
}
#endif
