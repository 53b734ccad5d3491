/* Assertions that end in a coredump (spec 50, 9.4).
 *
 * All are statements. A condition is evaluated once, the other arguments only on failure.
 */
#pragma once

#include "memfault/core/compiler.h"
#include "memfault/core/reboot_reason_types.h"
#include "memfault/panics/fault_handling.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Ends here, with a number that is visible in the captured stack and a reboot reason. */
#define MEMFAULT_ASSERT_EXTRA_AND_REASON(_extra, _reason)                                    \
  do {                                                                                       \
    void *mflt_assert_pc;                                                                    \
    void *mflt_assert_lr;                                                                    \
    MEMFAULT_GET_PC(mflt_assert_pc);                                                         \
    MEMFAULT_GET_LR(mflt_assert_lr);                                                         \
    sMemfaultAssertInfo mflt_assert_info;                                                    \
    mflt_assert_info.extra = (uint32_t)(_extra);                                             \
    mflt_assert_info.assert_reason = (_reason);                                              \
    memfault_fault_handling_assert_extra(mflt_assert_pc, mflt_assert_lr, &mflt_assert_info); \
  } while (0)

/* Ends here, with a number. */
#define MEMFAULT_ASSERT_RECORD(_extra) \
  MEMFAULT_ASSERT_EXTRA_AND_REASON(_extra, kMfltRebootReason_Assert)

/* Ends here if exp is false, with a number. */
#define MEMFAULT_ASSERT_EXTRA(exp, _extra) \
  do {                                     \
    if (!(exp)) {                          \
      MEMFAULT_ASSERT_RECORD(_extra);      \
    }                                      \
  } while (0)

/* Ends here if exp is false. */
#define MEMFAULT_ASSERT(exp)                                          \
  do {                                                                \
    if (!(exp)) {                                                     \
      void *mflt_assert_pc;                                           \
      void *mflt_assert_lr;                                           \
      MEMFAULT_GET_PC(mflt_assert_pc);                                \
      MEMFAULT_GET_LR(mflt_assert_lr);                                \
      memfault_fault_handling_assert(mflt_assert_pc, mflt_assert_lr); \
    }                                                                 \
  } while (0)

/* Ends here if exp is false, with a reboot reason. */
#define MEMFAULT_ASSERT_WITH_REASON(exp, _reason)     \
  do {                                                \
    if (!(exp)) {                                     \
      MEMFAULT_ASSERT_EXTRA_AND_REASON(0, (_reason)); \
    }                                                 \
  } while (0)

/* For the handler of a software watchdog, and for a task that was found to hang. */
#define MEMFAULT_SOFTWARE_WATCHDOG() \
  MEMFAULT_ASSERT_WITH_REASON(0, kMfltRebootReason_SoftwareWatchdog)
#define MEMFAULT_TASK_WATCHDOG() MEMFAULT_ASSERT_WITH_REASON(0, kMfltRebootReason_TaskWatchdog)

#ifdef __cplusplus
}
#endif
