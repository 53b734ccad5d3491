/* What the port does with a kernel that really switches between tasks. */
#include <string.h>

#include "app.h"
#include "memfault/components.h"
#include "memfault/ports/freertos_coredump.h"
#include "timers.h"

static void wait_ms(uint32_t ms) {
  vTaskDelay((TickType_t)((uint64_t)ms * configTICK_RATE_HZ / 1000 + 1));
}

/* Keeps the processor busy. */
static void spin_ms(uint32_t ms) {
  const uint32_t start = app_run_time();
  while (app_run_time() - start < ms * APP_RUN_TIME_PER_MS) {
  }
}

/* The clock. ---------------------------------------------------------------------------------- */

static uint64_t s_turns; /* of the tick counter */

static uint64_t kernel_ms(void) {
  return ((s_turns << 32) + xTaskGetTickCount()) * 1000 / configTICK_RATE_HZ;
}

static void check_now(const char *what, uint64_t before, uint64_t now) {
  app_check(before <= now && now <= kernel_ms(), what, (long long)(now - before));
}

static uint64_t s_interrupt_ms;
static void read_clock(void) {
  s_interrupt_ms = memfault_platform_get_time_since_boot_ms();
}

static void check_clock(void) {
  const TickType_t start = xTaskGetTickCount();
  uint64_t before = kernel_ms();
  check_now("clock before the tick counter wraps", before,
            memfault_platform_get_time_since_boot_ms());
  vTaskDelay(2 * APP_TICKS_BEFORE_WRAP);
  app_check(xTaskGetTickCount() < start, "the tick counter wraps", xTaskGetTickCount());
  s_turns = 1;
  before = kernel_ms();
  check_now("clock after it", before, memfault_platform_get_time_since_boot_ms());
  before = kernel_ms();
  app_run_in_interrupt(read_clock);
  check_now("clock in an interrupt", before, s_interrupt_ms);
}

/* The lock. ----------------------------------------------------------------------------------- */

static volatile uint32_t s_shared;
static volatile UBaseType_t s_holder_priority;
static volatile bool s_holder_done;

static void holder_task(void *tester) {
  memfault_lock();
  memfault_lock();
  memfault_unlock(); /* it still has it */
  xTaskNotifyGive((TaskHandle_t)tester);
  wait_ms(20);
  s_holder_priority = uxTaskPriorityGet(NULL);
  s_holder_done = true;
  memfault_unlock();
  vTaskDelete(NULL);
}

static void jobs_task(void *tester) {
  for (int i = 0; i < 100; i++) {
    memfault_lock();
    const uint32_t value = s_shared;
    taskYIELD(); /* the other one gets its chance in the worst moment */
    s_shared = value + 1;
    memfault_unlock();
    MEMFAULT_METRIC_ADD(jobs, 1);
  }
  xTaskNotifyGive((TaskHandle_t)tester);
  vTaskDelete(NULL);
}

static void check_lock(void) {
  const TaskHandle_t self = xTaskGetCurrentTaskHandle();
  app_start_task(holder_task, "holder", APP_STACK_WORDS, 1, self);
  ulTaskNotifyTake(pdFALSE, portMAX_DELAY);
  app_check(!s_holder_done, "lock is taken", 0);
  memfault_lock();
  app_check(s_holder_done, "lock waits for the task that has it, and counts", 0);
  memfault_unlock();
  app_check(s_holder_priority == uxTaskPriorityGet(NULL), "who has the lock inherits priority",
            (long long)s_holder_priority);

  app_start_task(jobs_task, "jobs 1", APP_STACK_WORDS, 1, self);
  app_start_task(jobs_task, "jobs 2", APP_STACK_WORDS, 1, self);
  ulTaskNotifyTake(pdFALSE, portMAX_DELAY);
  ulTaskNotifyTake(pdFALSE, portMAX_DELAY);
  app_check(s_shared == 200, "two tasks do not disturb each other", s_shared);
}

/* The table of tasks. ------------------------------------------------------------------------- */

static void sleeping_task(void *parameters) {
  (void)parameters;
  vTaskSuspend(NULL);
}

static void brief_task(void *parameters) {
  (void)parameters;
  vTaskDelete(NULL);
}

static size_t num_regions(void) {
  static sMfltCoredumpRegion s_regions[MEMFAULT_PLATFORM_MAX_TASK_REGIONS + 2];
  return memfault_freertos_get_task_regions(s_regions, MEMFAULT_ARRAY_SIZE(s_regions));
}

/* A control block and a stack per task, the two tables. */
static void check_regions(const char *what, size_t tasks) {
  const size_t count = num_regions();
  app_check(count == 2 * tasks + 2, what, (long long)count);
}

static void check_registry(void) {
  wait_ms(10); /* the idle task frees what ended */
  const size_t tasks = uxTaskGetNumberOfTasks();
  check_regions("regions of the tasks there are", tasks);
  TaskHandle_t sleepers[MEMFAULT_PLATFORM_MAX_TRACKED_TASKS];
  const size_t num_sleepers = MEMFAULT_PLATFORM_MAX_TRACKED_TASKS - tasks;
  for (size_t i = 0; i < num_sleepers; i++) {
    sleepers[i] = app_start_task(sleeping_task, "sleeper", 128, 1, NULL);
  }
  wait_ms(10);
  check_regions("regions of as many tasks as are tracked", MEMFAULT_PLATFORM_MAX_TRACKED_TASKS);
  app_check(g_app_last_error[0] == '\0', "no error yet", 0);
  const TaskHandle_t one_more = app_start_task(sleeping_task, "one more", 128, 1, NULL);
  app_check(strcmp(g_app_last_error, "Task registry full (8)") == 0, "error for one task more", 0);
  vTaskDelete(one_more);
  for (size_t i = 0; i < num_sleepers; i++) {
    vTaskDelete(sleepers[i]);
  }
  check_regions("regions after tasks were deleted", tasks);
  app_start_task(brief_task, "brief", 128, 3, NULL);
  check_regions("regions after a task deleted itself", tasks);
}

/* Self test. ---------------------------------------------------------------------------------- */

static void check_self_test(void) {
  const TickType_t start = xTaskGetTickCount();
  memfault_self_test_platform_delay(30);
  const TickType_t ticks = xTaskGetTickCount() - start;
  app_check(ticks >= 30 * configTICK_RATE_HZ / 1000, "self test: delay", ticks);

  app_check(memfault_self_test_platform_disable_irqs(), "self test: interrupts off", 0);
  TickType_t tick = xTaskGetTickCount();
  spin_ms(20);
  const TickType_t masked = xTaskGetTickCount() - tick;
  app_check(memfault_self_test_platform_enable_irqs(), "self test: interrupts on", 0);
  app_check(masked == 0, "no tick while they are off", masked);
  spin_ms(20);
  app_check(xTaskGetTickCount() != tick, "ticks while they are on", 0);
}

/* Metrics. ------------------------------------------------------------------------------------ */

static void check_timer(void) {
  for (int i = 0; i < 100 && g_app_timer_heartbeats < 3; i++) {
    wait_ms(100);
  }
  app_check(g_app_timer_heartbeats >= 3, "the kernel's timer makes heartbeats",
            g_app_timer_heartbeats);
  app_check(g_app_timer_ticks >= configTICK_RATE_HZ * 9 / 10 &&
              g_app_timer_ticks <= configTICK_RATE_HZ * 2,
            "one per second", g_app_timer_ticks);
}

/* Heartbeats of phase 1 see a processor that waits, those of phase 2 one that works. */
static void make_load(void) {
  memfault_metrics_heartbeat_debug_trigger();
  g_app_phase = 1;
  wait_ms(300);
  memfault_metrics_heartbeat_debug_trigger();
  g_app_phase = 2;
  spin_ms(300);
  memfault_metrics_heartbeat_debug_trigger();
  g_app_phase = 0;
}

/* Heap. --------------------------------------------------------------------------------------- */

NOINLINE static void use_heap(void) {
  void *const kept = pvPortMalloc(100);
  void *const freed = pvPortMalloc(200);
  vPortFree(freed);
  app_print("heap: kept %p, freed %p", kept, freed);
}

void app_checks_task(void *parameters) {
  (void)parameters;
  check_clock();
  check_lock();
  check_registry();
  check_self_test();
  check_timer();
  make_load();
  use_heap();
  memfault_data_export_dump_chunks();
  app_fail_an_assertion();
  vTaskDelete(NULL);
}
