//! The end of a failed SDK assertion (spec 20, 17.1).
//!
//! C, because the line goes through the firmware's log macros and because the compiler's own macro
//! is the exact way to the return address on every architecture. Both functions exist in every
//! configuration, also where memfault/core/sdk_assert.h declares neither because asserts are off or
//! the firmware has a macro of its own.

#include "memfault/core/sdk_assert.h"

#include <stdint.h>

#include "memfault/core/debug_log.h"
#include "memfault/core/platform/core.h"

MEMFAULT_NORETURN void memfault_sdk_assert_func_noreturn(void);
void memfault_sdk_assert_func(void);

MEMFAULT_WEAK MEMFAULT_NORETURN void memfault_sdk_assert_func_noreturn(void) {
  while (1) {
  }
}

void memfault_sdk_assert_func(void) {
  void *caller;
  MEMFAULT_GET_LR(caller);
  (void)caller;  // The log macros may expand to nothing.
  MEMFAULT_LOG_ERROR("ASSERT! LR: 0x%x", (unsigned int)(uintptr_t)caller);
  memfault_platform_halt_if_debugging();
  memfault_sdk_assert_func_noreturn();
}
