#include "fake_freertos.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

fake_freertos_t g_fake;

/* Unused words of a stack, as the kernel fills it. */
#define STACK_FILL 0xa5a5a5a5u

#define MAX_TASKS 16
static TaskHandle_t s_tasks[MAX_TASKS];

/* Functions without FromISR in their names wait, or assume that a task runs. */
static void check_is_task(void) {
  CHECK(!g_fake.inside_isr);
}

TaskHandle_t fake_create_task(const char *name, size_t stack_words, size_t used_words,
                              size_t current_words) {
  TaskHandle_t task = calloc(1, sizeof(*task));
  StackType_t *const stack = malloc(stack_words * sizeof(StackType_t));
  for (size_t i = 0; i < stack_words; i++) {
    stack[i] = (i < stack_words - used_words) ? STACK_FILL : (StackType_t)i;
  }
  task->pxDummy1 = stack + stack_words - current_words;
  task->pxDummy6 = stack;
#if configRECORD_STACK_HIGH_ADDRESS == 1
  task->pxDummy8 = stack + stack_words - 1;
#endif
  strncpy((char *)task->ucDummy7, name, configMAX_TASK_NAME_LEN - 1);
  for (size_t i = 0; i < MAX_TASKS; i++) {
    if (s_tasks[i] == NULL) {
      s_tasks[i] = task;
      break;
    }
  }
  g_fake.critical_depth++;
  traceTASK_CREATE(task);
  g_fake.critical_depth--;
  return task;
}

void fake_delete_task(TaskHandle_t task) {
  g_fake.critical_depth++;
  traceTASK_DELETE(task);
  g_fake.critical_depth--;
  for (size_t i = 0; i < MAX_TASKS; i++) {
    if (s_tasks[i] == task) {
      s_tasks[i] = NULL;
    }
  }
  free(task->pxDummy6);
  free(task);
}

static TaskFunction_t s_first_task;
static void *s_first_task_parameters;

BaseType_t xTaskCreate(TaskFunction_t pxTaskCode, const char *pcName, uint16_t uxStackDepth,
                       void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask) {
  (void)uxPriority;
  const TaskHandle_t task = fake_create_task(pcName, uxStackDepth, 32, 24);
  if (pxCreatedTask != NULL) {
    *pxCreatedTask = task;
  }
  if (s_first_task == NULL) {
    s_first_task = pxTaskCode;
    s_first_task_parameters = pvParameters;
  }
  return pdPASS;
}

void vTaskStartScheduler(void) {
  fake_create_task("IDLE", 64, 32, 24);
  fake_create_task("Tmr Svc", 128, 32, 24);
  s_first_task(s_first_task_parameters);
}

TaskHandle_t xTaskGetHandle(const char *pcNameToQuery) {
  check_is_task();
  for (size_t i = 0; i < MAX_TASKS; i++) {
    if (s_tasks[i] != NULL && strcmp((const char *)s_tasks[i]->ucDummy7, pcNameToQuery) == 0) {
      return s_tasks[i];
    }
  }
  return NULL;
}

UBaseType_t uxTaskGetStackHighWaterMark(TaskHandle_t xTask) {
  const StackType_t *const stack = xTask->pxDummy6;
  UBaseType_t words = 0;
  while (stack[words] == STACK_FILL) {
    words++;
  }
  return words;
}

TaskHandle_t xTimerGetTimerDaemonTaskHandle(void) {
  return xTaskGetHandle("Tmr Svc");
}

configRUN_TIME_COUNTER_TYPE ulTaskGetIdleRunTimeCounter(void) {
  return g_fake.idle_time;
}

configRUN_TIME_COUNTER_TYPE fake_run_time(void) {
  return g_fake.run_time;
}

TickType_t xTaskGetTickCount(void) {
  check_is_task();
  CHECK(g_fake.critical_depth > 0); /* else a switch between two callers confuses them */
  return (TickType_t)g_fake.ticks;
}

TickType_t xTaskGetTickCountFromISR(void) {
  CHECK(g_fake.inside_isr);
  CHECK(g_fake.critical_depth > 0);
  return (TickType_t)g_fake.ticks;
}

void vTaskDelay(TickType_t xTicksToDelay) {
  check_is_task();
  CHECK_EQ(g_fake.critical_depth, 0);
  g_fake.delayed_ticks += xTicksToDelay;
}

void fake_enter_critical(void) {
  check_is_task();
  g_fake.critical_depth++;
  g_fake.critical_sections++;
}

void fake_exit_critical(void) {
  check_is_task();
  CHECK(g_fake.critical_depth > 0);
  g_fake.critical_depth--;
}

UBaseType_t fake_enter_critical_from_isr(void) {
  CHECK(g_fake.inside_isr);
  g_fake.critical_sections++;
  return (UBaseType_t)g_fake.critical_depth++;
}

void fake_exit_critical_from_isr(UBaseType_t state) {
  CHECK_EQ(state, g_fake.critical_depth - 1);
  g_fake.critical_depth = (int)state;
}

void *pvPortMalloc(size_t xWantedSize) {
  void *const memory = g_fake.out_of_memory ? NULL : malloc(xWantedSize);
  traceMALLOC(memory, xWantedSize);
  return memory;
}

void vPortFree(void *pv) {
  if (pv != NULL) {
    traceFREE(pv, 0);
    free(pv);
  }
}

SemaphoreHandle_t xSemaphoreCreateRecursiveMutexStatic(StaticSemaphore_t *pxMutexBuffer) {
  pxMutexBuffer->fake_depth = 0;
  g_fake.mutex = pxMutexBuffer;
  return pxMutexBuffer;
}

SemaphoreHandle_t xSemaphoreCreateRecursiveMutex(void) {
  StaticSemaphore_t *const memory = pvPortMalloc(sizeof(*memory));
  return (memory != NULL) ? xSemaphoreCreateRecursiveMutexStatic(memory) : NULL;
}

BaseType_t xSemaphoreTakeRecursive(SemaphoreHandle_t xMutex, TickType_t xTicksToWait) {
  check_is_task();
  CHECK_EQ(xTicksToWait, portMAX_DELAY);
  xMutex->fake_depth++;
  return pdTRUE;
}

BaseType_t xSemaphoreGiveRecursive(SemaphoreHandle_t xMutex) {
  check_is_task();
  CHECK(xMutex->fake_depth > 0);
  xMutex->fake_depth--;
  return pdTRUE;
}

TimerHandle_t xTimerCreateStatic(const char *pcTimerName, TickType_t xTimerPeriodInTicks,
                                 BaseType_t uxAutoReload, void *pvTimerID,
                                 TimerCallbackFunction_t pxCallbackFunction,
                                 StaticTimer_t *pxTimerBuffer) {
  (void)pvTimerID;
  CHECK(xTimerPeriodInTicks > 0); /* an assertion of the kernel */
  *pxTimerBuffer = (StaticTimer_t){
    .fake_name = pcTimerName,
    .fake_period = xTimerPeriodInTicks,
    .fake_reloads = uxAutoReload,
    .fake_callback = pxCallbackFunction,
  };
  g_fake.timer = pxTimerBuffer;
  return pxTimerBuffer;
}

TimerHandle_t xTimerCreate(const char *pcTimerName, TickType_t xTimerPeriodInTicks,
                           BaseType_t uxAutoReload, void *pvTimerID,
                           TimerCallbackFunction_t pxCallbackFunction) {
  StaticTimer_t *const memory = pvPortMalloc(sizeof(*memory));
  return (memory == NULL) ? NULL
                          : xTimerCreateStatic(pcTimerName, xTimerPeriodInTicks, uxAutoReload,
                                               pvTimerID, pxCallbackFunction, memory);
}

BaseType_t xTimerStart(TimerHandle_t xTimer, TickType_t xTicksToWait) {
  CHECK_EQ(xTicksToWait, 0); /* waiting is not possible before the scheduler runs */
  if (g_fake.timer_queue_full) {
    return pdFAIL;
  }
  ((StaticTimer_t *)xTimer)->fake_running = 1;
  return pdPASS;
}

BaseType_t xTimerChangePeriod(TimerHandle_t xTimer, TickType_t xNewPeriod,
                              TickType_t xTicksToWait) {
  CHECK(xNewPeriod > 0);
  const BaseType_t started = xTimerStart(xTimer, xTicksToWait);
  if (started == pdPASS) {
    ((StaticTimer_t *)xTimer)->fake_period = xNewPeriod;
  }
  return started;
}
