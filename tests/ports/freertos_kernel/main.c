/* Five lives: what the port promises is looked at, then four crashes of different kinds.
 *
 * Prints: "== life N", the checks ("ok ..." or "FAIL ..."), and at the start of each life what the
 * one before recorded, as "MC:<base64>:" lines.
 */
#include "app.h"
#include "board.h"
#include "memfault/components.h"

TaskHandle_t app_start_task(TaskFunction_t code, const char *name, uint32_t stack_words,
                            UBaseType_t priority, void *parameter) {
  TaskHandle_t task = NULL;
  if (xTaskCreate(code, name, (uint16_t)stack_words, parameter, priority, &task) != pdPASS) {
    app_check(false, "a task finds memory", 0);
  }
  return task;
}

int main(void) {
  app_board_start();
  app_print("== life %u", (unsigned)board_boot_count());
  app_check(memfault_platform_boot() == 0, "the SDK boots before the scheduler runs", 0);
  memfault_data_export_dump_chunks();
  switch (board_boot_count()) {
    case 1:
      app_start_task(app_checks_task, "checks", APP_STACK_WORDS, 2, NULL);
      break;
    case 2:
      app_overflow_a_stack();
      break;
    case 3:
      app_fault_in_an_interrupt();
      break;
    case 4:
      app_fail_before_the_scheduler();
      break;
    default:
      return 0;
  }
  vTaskStartScheduler();
  return 2; /* no memory for the idle task */
}
