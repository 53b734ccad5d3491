/* Registers of an i386 process, for simulators (spec 50, 9.11).
 * There is none for x86-64: memfault_fault_handler() takes NULL there, and the coredump has no
 * registers.
 */
#pragma once

#include <stdint.h>

#include "memfault/core/compiler.h"
#include "memfault/core/reboot_reason_types.h"

#ifdef __cplusplus
extern "C" {
#endif

MEMFAULT_PACKED_STRUCT MfltRegState {
  uint32_t eip;
  uint32_t cs;
  uint32_t eflags;
  uint32_t esp;
  uint32_t ss;
  uint32_t eax;
  uint32_t ebx;
  uint32_t ecx;
  uint32_t edx;
  uint32_t edi;
  uint32_t esi;
};

/** Declared for completeness: not defined on this architecture. */
void memfault_arch_fault_handling_assert(void *pc, void *lr, eMemfaultRebootReason reason);

#ifdef __cplusplus
}
#endif
