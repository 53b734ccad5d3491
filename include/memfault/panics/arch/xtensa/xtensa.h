/* Registers of an Xtensa (spec 50, 9.10). The port stores them and calls memfault_fault_handler().
 * Interface only: the library is not available for this architecture, see README.md.
 */
#pragma once

#include <stdint.h>

#include "memfault/core/compiler.h"
#include "memfault/core/reboot_reason_types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  kMemfaultEsp32RegCollectionType_Full = 0,
  kMemfaultEsp32RegCollectionType_ActiveWindow = 1,
  kMemfaultEsp32RegCollectionType_Lx106 = 2,
} eMemfaultEsp32RegCollectionType;

MEMFAULT_PACKED_STRUCT MfltRegState {
  /* eMemfaultEsp32RegCollectionType */
  uint32_t collection_type;
  uint32_t pc;
  uint32_t ps;
  /* The active window. */
  uint32_t a[16];
  uint32_t sar;
  uint32_t lbeg;
  uint32_t lend;
  uint32_t lcount;
  uint32_t exccause;
  uint32_t excvaddr;
};

/** Marks the reset for an assertion, for ports that raise the exception themselves. */
void memfault_arch_fault_handling_assert(void *pc, void *lr, eMemfaultRebootReason reason);

#ifdef __cplusplus
}
#endif
