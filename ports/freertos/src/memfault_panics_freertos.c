//! FreeRTOS port: what the kernel finds wrong becomes a coredump (spec 50, 13.4).
//!
//! FreeRTOSConfig.h brings the kernel's assertions here:
//!
//!   #define configASSERT(x) if ((x) == 0) { vAssertCalled(__FILE__, __LINE__); }
//!
//! Stack overflows arrive with configCHECK_FOR_STACK_OVERFLOW 1 or 2. Firmware with a hook of its
//! own defines MEMFAULT_FREERTOS_DISABLE_STACK_OVERFLOW_HOOK.

#include "FreeRTOS.h"
#include "memfault/config.h"
#include "memfault/panics/assert.h"
#include "task.h"

void vAssertCalled(const char *file, int line);

void vAssertCalled(const char *file, int line) {
  // They are in the coredump: as arguments in the frame of this function's caller.
  (void)file;
  (void)line;
  MEMFAULT_ASSERT(0);
}

#if !defined(MEMFAULT_FREERTOS_DISABLE_STACK_OVERFLOW_HOOK)

void vApplicationStackOverflowHook(TaskHandle_t xTask, char *pcTaskName);

void vApplicationStackOverflowHook(TaskHandle_t xTask, char *pcTaskName) {
  (void)xTask;
  (void)pcTaskName;
  MEMFAULT_ASSERT_WITH_REASON(0, kMfltRebootReason_StackOverflow);
}

#endif
