/* Why the device restarted (spec 20, chapter 11). A reason is unexpected if it is 0 or at least
 * 0x8000. The numbers are on the wire and in retained RAM.
 *
 * With MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE set to 1 the firmware adds its own in
 * MEMFAULT_REBOOT_REASON_USER_DEFS_FILE, at most 255 of each kind, no commas, no include guard:
 *
 *   MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE(battery_swap)
 *   MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE(motor_stalled)
 *
 * They become kMfltRebootReason_battery_swap (0x1001) and kMfltRebootReason_motor_stalled (0xA001).
 */
#pragma once

#include "memfault/config.h"
#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The firmware's expected and unexpected reasons lie strictly between these. */
#define MEMFAULT_REBOOT_REASON_EXPECTED_CUSTOM_BASE 0x1000
#define MEMFAULT_REBOOT_REASON_EXPECTED_CUSTOM_MAX 0x1100
#define MEMFAULT_REBOOT_REASON_UNEXPECTED_CUSTOM_BASE 0xA000
#define MEMFAULT_REBOOT_REASON_UNEXPECTED_CUSTOM_MAX 0xA100

/* The file is read three times: expected reasons, unexpected ones, range checks. */
#undef MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE
#undef MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE

typedef enum MfltResetReason {
  kMfltRebootReason_Unknown = 0x0000,

  /* Expected: somebody wanted it. */
  kMfltRebootReason_UserShutdown = 0x0001,
  kMfltRebootReason_UserReset = 0x0002,
  kMfltRebootReason_FirmwareUpdate = 0x0003,
  kMfltRebootReason_LowPower = 0x0004,
  kMfltRebootReason_DebuggerHalted = 0x0005,
  kMfltRebootReason_ButtonReset = 0x0006,
  kMfltRebootReason_PowerOnReset = 0x0007,
  kMfltRebootReason_SoftwareReset = 0x0008,
  /* The device slept so deeply that it has to start anew. */
  kMfltRebootReason_DeepSleep = 0x0009,
  kMfltRebootReason_PinReset = 0x000A,
  /* Marked by the reboot test of memfault_self_test_run(). */
  kMfltRebootReason_SelfTest = 0x000B,

#if MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE == 1
  kMfltRebootReason_ExpectedBase = MEMFAULT_REBOOT_REASON_EXPECTED_CUSTOM_BASE,
  #define MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE(name) kMfltRebootReason_##name,
  #define MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE(name)
  #include MEMFAULT_REBOOT_REASON_USER_DEFS_FILE
  #undef MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE
  #undef MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE
#endif

  /* Unexpected: an error. */
  kMfltRebootReason_UnknownError = 0x8000,
  kMfltRebootReason_Assert = 0x8001,
  /* Say which watchdog it was: hardware or software. */
  kMfltRebootReason_WatchdogDeprecated = 0x8002,
  kMfltRebootReason_BrownOutReset = 0x8003,
  kMfltRebootReason_Nmi = 0x8004,
  /* The hardware reset the device; nothing could be captured. */
  kMfltRebootReason_HardwareWatchdog = 0x8005,
  /* A watchdog interrupt came in time for a coredump. */
  kMfltRebootReason_SoftwareWatchdog = 0x8006,
  kMfltRebootReason_ClockFailure = 0x8007,
  kMfltRebootReason_KernelPanic = 0x8008,
  /* An update was rejected or rolled back. */
  kMfltRebootReason_FirmwareUpdateError = 0x8009,
  kMfltRebootReason_OutOfMemory = 0x800A,
  kMfltRebootReason_StackOverflow = 0x800B,
  kMfltRebootReason_TaskWatchdog = 0x800C,

  /* Faults of the processor. */
  kMfltRebootReason_BusFault = 0x9100,
  kMfltRebootReason_MemFault = 0x9200,
  kMfltRebootReason_UsageFault = 0x9300,
  kMfltRebootReason_HardFault = 0x9400,
  /* A fault inside a fault handler. */
  kMfltRebootReason_Lockup = 0x9401,
  kMfltRebootReason_SecurityViolation = 0x9402,
  kMfltRebootReason_ParityError = 0x9403,
  kMfltRebootReason_Temperature = 0x9404,
  /* Any other error of the hardware. */
  kMfltRebootReason_Hardware = 0x9405,

#if MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE == 1
  kMfltRebootReason_UnexpectedBase = MEMFAULT_REBOOT_REASON_UNEXPECTED_CUSTOM_BASE,
  #define MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE(name)
  #define MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE(name) kMfltRebootReason_##name,
  #include MEMFAULT_REBOOT_REASON_USER_DEFS_FILE
  #undef MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE
  #undef MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE
#endif
} eMemfaultRebootReason;

#if MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE == 1
  #define MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE(name)                       \
    MEMFAULT_STATIC_ASSERT(                                                  \
      kMfltRebootReason_##name < MEMFAULT_REBOOT_REASON_EXPECTED_CUSTOM_MAX, \
      "more than 255 expected reboot reasons");
  #define MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE(name)                       \
    MEMFAULT_STATIC_ASSERT(                                                    \
      kMfltRebootReason_##name < MEMFAULT_REBOOT_REASON_UNEXPECTED_CUSTOM_MAX, \
      "more than 255 unexpected reboot reasons");
  #include MEMFAULT_REBOOT_REASON_USER_DEFS_FILE
  #undef MEMFAULT_EXPECTED_REBOOT_REASON_DEFINE
  #undef MEMFAULT_UNEXPECTED_REBOOT_REASON_DEFINE
#endif

#ifdef __cplusplus
}
#endif
