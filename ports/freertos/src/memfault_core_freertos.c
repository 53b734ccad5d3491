//! FreeRTOS port: the lock and the clock (spec 60, 15.2).

#include <stdint.h>

#include "FreeRTOS.h"
#include "memfault/core/arch.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/overrides.h"
#include "memfault/core/sdk_assert.h"
#include "memfault/ports/freertos.h"
#include "semphr.h"
#include "task.h"

#if !defined(configUSE_MUTEXES) || configUSE_MUTEXES != 1
  #error "the lock of the SDK is a mutex: set configUSE_MUTEXES to 1"
#endif
#if !defined(configUSE_RECURSIVE_MUTEXES) || configUSE_RECURSIVE_MUTEXES != 1
  #error "the SDK takes its lock again while it has it: set configUSE_RECURSIVE_MUTEXES to 1"
#endif

static SemaphoreHandle_t s_mutex;

void memfault_freertos_port_boot(void) {
#if MEMFAULT_FREERTOS_PORT_USE_STATIC_ALLOCATION
  static StaticSemaphore_t s_mutex_memory;
  s_mutex = xSemaphoreCreateRecursiveMutexStatic(&s_mutex_memory);
#else
  s_mutex = xSemaphoreCreateRecursiveMutex();
#endif
  MEMFAULT_SDK_ASSERT(s_mutex != NULL);
}

// There is nobody to lock out before the boot call, but code that runs early may log.

void memfault_lock(void) {
  if (s_mutex != NULL) {
    (void)xSemaphoreTakeRecursive(s_mutex, portMAX_DELAY);
  }
}

void memfault_unlock(void) {
  if (s_mutex != NULL) {
    (void)xSemaphoreGiveRecursive(s_mutex);
  }
}

// The kernel's tick counter wraps; the sum of its steps does not in any device's life. `now` and
// the sum belong together, so this runs in a critical section.
static uint64_t prv_total_ticks(TickType_t now) {
  static uint64_t s_total;
  static TickType_t s_last;
  // In the type of the counter, which may have 16 bits.
  s_total += (TickType_t)(now - s_last);
  s_last = now;
  return s_total;
}

//! Milliseconds since the scheduler started. Not for interrupts that are more urgent than
//! configMAX_SYSCALL_INTERRUPT_PRIORITY, where an assertion of the kernel fails; fault handlers may
//! ask. The SDK or the firmware has to ask at least once per turn of the tick counter (49 days with
//! 32 bits at 1 kHz, 65 seconds with 16).
uint64_t memfault_platform_get_time_since_boot_ms(void) {
  uint64_t ticks;
  if (memfault_arch_is_inside_isr()) {
    const UBaseType_t state = taskENTER_CRITICAL_FROM_ISR();
    ticks = prv_total_ticks(xTaskGetTickCountFromISR());
    taskEXIT_CRITICAL_FROM_ISR(state);
  } else {
    taskENTER_CRITICAL();
    ticks = prv_total_ticks(xTaskGetTickCount());
    taskEXIT_CRITICAL();
  }
  // Not an #if: the rate may be a cast. The compiler keeps one branch; usual rates divide nothing.
  const uint32_t rate_hz = (uint32_t)configTICK_RATE_HZ;
  if (1000 % rate_hz == 0) {
    return ticks * (1000 / rate_hz);
  }
  return ticks / rate_hz * 1000 + ticks % rate_hz * 1000 / rate_hz;
}
