//! `memfault/metrics/platform/connectivity.h` (spec 40 §8): start of a port's connectivity metrics, with
//! `MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT`.

// The library calls it through a C unit that is compiled with the option: firmware without it does not define it.
//
// C header:
// | #include <stdbool.h>
// | #include <stdint.h>
// |
// | /**
// |  * Starts what reports the state of the connection. The port defines it.
// |  *
// |  * Last step of `memfault_metrics_boot`, called without a lock; not called when the boot fails.
// |  */
// | void memfault_platform_metrics_connectivity_boot(void);
