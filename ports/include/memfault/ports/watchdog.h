/* A timer whose interrupt comes shortly before the hardware watchdog resets the chip, so that there
 * is a coredump of what hangs. Its interrupt handler is that of the SDK: set
 * MEMFAULT_EXC_HANDLER_WATCHDOG to the name that the vector table has for it.
 *
 * The firmware or its port defines the functions. Each returns 0 on success.
 */
#pragma once

#include <stdint.h>

#include "memfault/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Starts the timer with MEMFAULT_WATCHDOG_SW_TIMEOUT_SECS. */
int memfault_software_watchdog_enable(void);

/** Stops it. */
int memfault_software_watchdog_disable(void);

/** Starts it over; call it where the hardware watchdog is fed. */
int memfault_software_watchdog_feed(void);

/** Changes the timeout to timeout_ms milliseconds. */
int memfault_software_watchdog_update_timeout(uint32_t timeout_ms);

#ifdef __cplusplus
}
#endif
