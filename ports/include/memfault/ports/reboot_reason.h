/* Why the chip restarted: what a port reads from its registers. */
#pragma once

#include "memfault/core/reboot_tracking.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Fills in the reset-cause register and the reboot reason that it means, for
 * memfault_reboot_tracking_boot(). Call it once per boot; with MEMFAULT_REBOOT_REASON_CLEAR it
 * clears bits that would be there after the next reset too. The firmware or its port defines it.
 */
void memfault_reboot_reason_get(sResetBootupInfo *info);

#ifdef __cplusplus
}
#endif
