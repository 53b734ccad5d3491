/* What the platform does for the SDK in general (spec 20, 16.2). The firmware defines these
 * functions, except memfault_platform_halt_if_debugging() where the library has one for the
 * architecture.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Starts the SDK: the place from which the application boots its components. The SDK does not call
 * it.
 *
 * Returns 0 when everything is up.
 */
int memfault_platform_boot(void);

/** Restarts the device and does not return. Called from tasks and from fault handlers. */
#if !defined(__ICCARM__) && !defined(__CC_ARM)
MEMFAULT_NORETURN
#endif
void memfault_platform_reboot(void);

/**
 * Stops in the debugger if one is attached, else returns at once (spec 20, 17.4).
 *
 * Weak in the library for Cortex-M; Arm v7-A/R and AArch64 have a strong one; elsewhere the port
 * supplies it.
 */
void memfault_platform_halt_if_debugging(void);

/** Milliseconds since boot. Never goes back, and counts through sleep. */
uint64_t memfault_platform_get_time_since_boot_ms(void);

#ifdef __cplusplus
}
#endif
