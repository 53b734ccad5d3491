/* Entry points of a crash (spec 50, chapter 9).
 * Interface only: the library functions of this header arrive with the panics component.
 */
#pragma once

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/inttypes_compat.h"
#include "memfault/core/reboot_reason_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#if MEMFAULT_COMPILER_ARM_CORTEX_M
/** Exception handlers for the vector table, under the names of the configuration. */
MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_NMI(void);
MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_HARD_FAULT(void);
MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT(void);
MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_BUS_FAULT(void);
MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_USAGE_FAULT(void);
MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_WATCHDOG(void);
#endif

/**
 * A failed assertion: marks the reset, then raises the exception that takes the coredump. Use the
 * macros of memfault/panics/assert.h.
 */
#if !defined(__CC_ARM) && !defined(__ICCARM__) && !defined(__clang__)
MEMFAULT_NORETURN
#endif
void memfault_fault_handling_assert(void *pc, void *lr);

typedef struct MemfaultAssertInfo {
  /* Any number; it is seen on the captured stack. */
  uint32_t extra;
  eMemfaultRebootReason assert_reason;
} sMemfaultAssertInfo;

/** The same with a number and a reboot reason. */
#if !defined(__CC_ARM) && !defined(__ICCARM__) && !defined(__clang__)
MEMFAULT_NORETURN
#endif
void memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *extra_info);

/** Declared for completeness: neither the SDK nor this library has it. */
void memfault_fault_handling_common(void);

#ifdef __cplusplus
}
#endif
