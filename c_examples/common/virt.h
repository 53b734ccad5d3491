/* What QEMU's two boards "virt" share: what happens at a tick and in the interrupt for work. */
#pragma once

#include "memfault/panics/coredump.h"

/* The tick interrupt has come; `regs` is what it interrupted. */
void virt_tick(const sMfltRegState *regs);

/* The interrupt for work has come. */
void virt_do_interrupt_work(void);

/* Defined by each board: makes that interrupt come soon. */
void virt_pend_work_interrupt(void);
