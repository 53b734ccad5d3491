/* What the parts of the firmware share. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "FreeRTOS.h"
#include "task.h"

#define NOINLINE __attribute__((noinline))

/* main.c: starts a task; its stack comes from the kernel's heap. */
TaskHandle_t app_start_task(TaskFunction_t code, const char *name, uint32_t stack_words,
                            UBaseType_t priority, void *parameter);
#define APP_STACK_WORDS 512u

/* platform.c */
void app_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* One line: "ok <what>", or "FAIL <what>" with the value. */
void app_check(bool holds, const char *what, long long value);
extern uint32_t g_app_phase;            /* goes into each heartbeat */
extern uint32_t g_app_timer_heartbeats; /* made by the kernel's timer task, so far */
extern uint32_t g_app_timer_ticks;      /* between the last two of them */
extern char g_app_last_error[64];       /* in the log */

/* board.c */
void app_board_start(void);
void app_run_in_interrupt(void (*work)(void));
#define APP_RUN_TIME_PER_MS (configCPU_CLOCK_HZ / 1000u) /* of app_run_time() */

/* checks.c: the task that looks at everything; ends with the first crash. */
void app_checks_task(void *parameters);

/* crashes.c: functions that create tasks which crash. */
void app_fail_an_assertion(void);
void app_overflow_a_stack(void);
void app_fault_in_an_interrupt(void);
void app_fail_before_the_scheduler(void);
