/* Crashes. In each of them a task waits with the lock of the SDK: taking a coredump must not. */
#include "app.h"
#include "memfault/components.h"
#include "queue.h"

NOINLINE static int wait_deeper(QueueHandle_t queue) {
  int item = 0;
  xQueueReceive(queue, &item, portMAX_DELAY);
  return item + 1;
}

static volatile float s_scale = 1.5f;

static void waiter_task(void *queue) {
  memfault_lock();
  s_scale = s_scale * 1.25f; /* with an FPU its registers are part of what the kernel saves */
  s_scale = (float)wait_deeper((QueueHandle_t)queue);
  memfault_unlock();
  vTaskSuspend(NULL);
}

/* Ends up at its semaphore as soon as the task that calls this waits, or the scheduler starts. */
static void start_waiter(void) {
  app_start_task(waiter_task, "waiter", APP_STACK_WORDS, 4, xQueueCreate(2, sizeof(int)));
}

/* An assertion in a task. --------------------------------------------------------------------- */

static volatile uint32_t s_tasks_expected = 1000;

NOINLINE static void count_tasks(void) {
  configASSERT(uxTaskGetNumberOfTasks() >= s_tasks_expected);
  s_tasks_expected = 0;
}

static void asserting_task(void *parameters) {
  (void)parameters;
  count_tasks();
  vTaskSuspend(NULL);
}

void app_fail_an_assertion(void) {
  start_waiter();
  app_start_task(asserting_task, "worker", APP_STACK_WORDS, 1, NULL);
}

/* A task that uses up its stack; the kernel sees it when it switches tasks. -------------------- */

NOINLINE static void use_stack(volatile uint32_t *lowest) {
  volatile uint32_t here = 0;
  for (volatile uint32_t *word = &here - 16; word >= lowest; word--) {
    *word = 0x57AC;
  }
  vTaskDelay(1);
  (void)here;
}

static void greedy_task(void *parameters) {
  (void)parameters;
  TaskStatus_t status;
  vTaskGetInfo(NULL, &status, pdTRUE, eRunning);
  use_stack((volatile uint32_t *)status.pxStackBase);
  vTaskSuspend(NULL);
}

void app_overflow_a_stack(void) {
  start_waiter();
  app_start_task(greedy_task, "greedy", APP_STACK_WORDS, 1, NULL);
}

/* A fault in an interrupt. -------------------------------------------------------------------- */

NOINLINE static void read_nothing(void) {
  (void)*(volatile uint32_t *)0x70000000u; /* no device there */
}

NOINLINE static void interrupted(void) {
  app_run_in_interrupt(read_nothing);
  app_print("not reached");
}

static void interrupted_task(void *parameters) {
  (void)parameters;
  interrupted();
  vTaskSuspend(NULL);
}

void app_fault_in_an_interrupt(void) {
  start_waiter();
  app_start_task(interrupted_task, "spinner", APP_STACK_WORDS, 1, NULL);
}

/* An assertion before the scheduler runs: no task has done anything yet. ----------------------- */

NOINLINE void app_fail_before_the_scheduler(void) {
  start_waiter();
  app_start_task(interrupted_task, "spinner", APP_STACK_WORDS, 1, NULL);
  configASSERT(s_tasks_expected == 0);
  s_tasks_expected = 0;
}
