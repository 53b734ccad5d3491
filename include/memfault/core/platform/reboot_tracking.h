/* Start of reboot tracking in a port (spec 20, 16.3). */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reads the reset cause and calls memfault_reboot_tracking_boot(). Supplied and called by the
 * platform's own start-up code; the library neither defines nor calls it.
 */
void memfault_platform_reboot_tracking_boot(void);

#ifdef __cplusplus
}
#endif
