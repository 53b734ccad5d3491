/* Self test: is the SDK integrated correctly? (spec 30, chapter 13)
 * Interface only: the library functions of this header arrive with the self test component.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Tests that memfault_self_test_run() can run; combine with |. */
typedef enum {
  kMemfaultSelfTestFlag_DeviceInfo = (1 << 0),
  kMemfaultSelfTestFlag_ComponentBoot = (1 << 1),
  kMemfaultSelfTestFlag_CoredumpRegions = (1 << 2),
  kMemfaultSelfTestFlag_DataExport = (1 << 3),
  /* Reboots the device. */
  kMemfaultSelfTestFlag_RebootReason = (1 << 4),
  /* To be run after that reboot. */
  kMemfaultSelfTestFlag_RebootReasonVerify = (1 << 5),
  kMemfaultSelfTestFlag_PlatformTime = (1 << 6),
  /* Overwrites the coredump storage. */
  kMemfaultSelfTestFlag_CoredumpStorage = (1 << 7),
  kMemfaultSelfTestFlag_CoredumpStorageCapacity = (1 << 8),

  /* Those that can always be run. */
  kMemfaultSelfTestFlag_Default =
    (kMemfaultSelfTestFlag_DeviceInfo | kMemfaultSelfTestFlag_ComponentBoot |
     kMemfaultSelfTestFlag_CoredumpRegions | kMemfaultSelfTestFlag_DataExport |
     kMemfaultSelfTestFlag_PlatformTime | kMemfaultSelfTestFlag_CoredumpStorageCapacity),
} eMemfaultSelfTestFlag;

/** Runs the selected tests and logs their results. Returns 0 if all passed, else 1. */
int memfault_self_test_run(uint32_t run_flags);

/**
 * The flag for an argument of the shell command: "reboot", "reboot_verify", "coredump_storage"; the
 * default set for anything else.
 */
uint32_t memfault_self_test_arg_to_flag(const char *arg);

/** Waits delay_ms milliseconds. Weak: logs that it is missing. */
void memfault_self_test_platform_delay(uint32_t delay_ms);

/** Turns interrupts off and on; true on success. Weak: log that they are missing, false. */
bool memfault_self_test_platform_disable_irqs(void);
bool memfault_self_test_platform_enable_irqs(void);

#ifdef __cplusplus
}
#endif
