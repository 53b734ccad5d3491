/* The library's own assertions (spec 20, 17.1). */
#pragma once

#include "memfault/config.h"
#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

#if MEMFAULT_SDK_ASSERT_ENABLED

  /* Firmware may define MEMFAULT_SDK_ASSERT itself, before this file is read. */
  #ifndef MEMFAULT_SDK_ASSERT

/** Where a failed assertion ends; must not return. Weak, spins for ever. */
MEMFAULT_NORETURN void memfault_sdk_assert_func_noreturn(void);

/**
 * A failed assertion: logs the caller's address as an error, halts in a debugger if one is
 * attached, calls memfault_sdk_assert_func_noreturn().
 */
void memfault_sdk_assert_func(void);

    #define MEMFAULT_SDK_ASSERT(expr) ((expr) ? (void)0 : memfault_sdk_assert_func())

  #endif

#else

  #define MEMFAULT_SDK_ASSERT(expr) (void)0

#endif

#ifdef __cplusplus
}
#endif
