/* The kernel as docs/porting.md asks for it. CMakeLists.txt varies what the port looks at. */
#pragma once

#define configTICK_RATE_HZ APP_TICK_RATE_HZ
#define configSUPPORT_STATIC_ALLOCATION APP_STATIC_ALLOCATION
#define configKERNEL_PROVIDED_STATIC_MEMORY 1
#define configSUPPORT_DYNAMIC_ALLOCATION 1
#define configTOTAL_HEAP_SIZE (48 * 1024)

/* The tick counter wraps while the clock of the port is looked at. */
#define configINITIAL_TICK_COUNT ((TickType_t)-APP_TICKS_BEFORE_WRAP)
#define APP_TICKS_BEFORE_WRAP 100

#ifdef __ARM_ARCH_8M_MAIN__
  #define configCPU_CLOCK_HZ 20000000u
#else
  #define configCPU_CLOCK_HZ 25000000u
#endif
#define configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS
#define configUSE_PREEMPTION 1
#define configUSE_IDLE_HOOK 0
#define configUSE_TICK_HOOK 0
#define configMAX_PRIORITIES 6
#define configMINIMAL_STACK_SIZE 160
#define configMAX_TASK_NAME_LEN 16
#define configUSE_MUTEXES 1
#define configUSE_RECURSIVE_MUTEXES 1
#define configUSE_TIMERS 1
#define configTIMER_TASK_PRIORITY 5
#define configTIMER_QUEUE_LENGTH 8
#define configTIMER_TASK_STACK_DEPTH 768
#define configRECORD_STACK_HIGH_ADDRESS 1
#define configCHECK_FOR_STACK_OVERFLOW 2
#define configUSE_TRACE_FACILITY 1
#define configGENERATE_RUN_TIME_STATS 1
#define configTASK_RETURN_ADDRESS 0 /* where the call stack of a task ends */

/* Interrupts that may call the kernel, and with it the clock of the port, have 5 << 5 or more. */
#define configKERNEL_INTERRUPT_PRIORITY (7 << 5)
#define configMAX_SYSCALL_INTERRUPT_PRIORITY (5 << 5)
#define configENABLE_FPU 0 /* this and what follows: of the Cortex-M33 alone */
#define configENABLE_MPU 0
#define configENABLE_MVE 0
#define configENABLE_PAC 0
#define configENABLE_BTI 0
#define configENABLE_TRUSTZONE 0
#define configRUN_FREERTOS_SECURE_ONLY 1

#define INCLUDE_vTaskDelay 1
#define INCLUDE_vTaskDelete 1
#define INCLUDE_vTaskSuspend 1
#define INCLUDE_uxTaskPriorityGet 1
#define INCLUDE_uxTaskGetStackHighWaterMark 1
#define INCLUDE_xTaskGetHandle 1
#define INCLUDE_xTaskGetIdleTaskHandle 1
#define INCLUDE_xTimerGetTimerDaemonTaskHandle 1

/* The names that startup.c has for them. */
#define vPortSVCHandler SVC_Handler
#define xPortPendSVHandler PendSV_Handler
#define xPortSysTickHandler SysTick_Handler

#include <stdint.h>

uint32_t app_run_time(void);
void vAssertCalled(const char *file, int line);

#define portCONFIGURE_TIMER_FOR_RUN_TIME_STATS()
#define portGET_RUN_TIME_COUNTER_VALUE() app_run_time()
#define configASSERT(x)                \
  if ((x) == 0) {                      \
    vAssertCalled(__FILE__, __LINE__); \
  }

#include "memfault/ports/freertos_trace.h"
