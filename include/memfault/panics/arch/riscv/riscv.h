/* Registers of a 32-bit RISC-V (spec 50, 9.9). The port stores them and calls
 * memfault_fault_handler(). */
#pragma once

#include <stdint.h>

#include "memfault/core/compiler.h"
#include "memfault/core/reboot_reason_types.h"

#ifdef __cplusplus
extern "C" {
#endif

MEMFAULT_PACKED_STRUCT MfltRegState {
  uint32_t mepc;
  uint32_t ra;
  uint32_t sp;
  uint32_t gp;
  uint32_t tp;
  uint32_t t[7];
  uint32_t s[12];
  uint32_t a[8];
  uint32_t mstatus;
  uint32_t mtvec;
  uint32_t mcause;
  uint32_t mtval;
  uint32_t mhartid;
};

/** Marks the reset for an assertion, for ports that raise the exception themselves. */
void memfault_arch_fault_handling_assert(void *pc, void *lr, eMemfaultRebootReason reason);

#ifdef __cplusplus
}
#endif
