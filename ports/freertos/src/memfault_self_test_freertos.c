//! FreeRTOS port: what the self test needs of the platform (spec 60, 15.2).

#include <stdbool.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "memfault/core/self_test.h"
#include "task.h"

void memfault_self_test_platform_delay(uint32_t delay_ms) {
  // Not pdMS_TO_TICKS(), whose product overflows, nor portTICK_PERIOD_MS, which is 0 above 1 kHz.
  vTaskDelay((TickType_t)((uint64_t)delay_ms * (uint32_t)configTICK_RATE_HZ / 1000));
}

bool memfault_self_test_platform_disable_irqs(void) {
  taskENTER_CRITICAL();
  return true;
}

bool memfault_self_test_platform_enable_irqs(void) {
  taskEXIT_CRITICAL();
  return true;
}
