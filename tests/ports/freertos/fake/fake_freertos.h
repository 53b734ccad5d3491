/* What a test does with the stand-in for the kernel, and what it sees of it. */
#pragma once

#include <stdbool.h>

#include "FreeRTOS.h"
#include "semphr.h"
#include "task.h"
#include "timers.h"

typedef struct {
  uint64_t ticks;             /* the true number; the kernel's counter shows its low bits */
  bool inside_isr;
  int critical_depth;
  unsigned critical_sections; /* entered so far */
  bool out_of_memory;         /* the heap has nothing left */
  bool timer_queue_full;
  TickType_t delayed_ticks;   /* all vTaskDelay() together */
  StaticSemaphore_t *mutex;   /* the one that was made last */
  StaticTimer_t *timer;
  configRUN_TIME_COUNTER_TYPE run_time;
  configRUN_TIME_COUNTER_TYPE idle_time;
} fake_freertos_t;

extern fake_freertos_t g_fake;

/* Makes a task with a stack of `stack_words`, of which the upper `used_words` were in use once and
 * `current_words` are now. The names "IDLE" and "Tmr Svc" are those of the kernel's own tasks. */
TaskHandle_t fake_create_task(const char *name, size_t stack_words, size_t used_words,
                              size_t current_words);
void fake_delete_task(TaskHandle_t task);

/* xTaskCreate() makes a task that nobody runs, except the first one: vTaskStartScheduler() calls
 * it, on the stack of its caller. */
