/* A stand-in for the FreeRTOS kernel, for tests of ports/freertos on the host. Written from the
 * kernel's public documentation: the functions, macros and types that the port uses, and the rules
 * for calling them, which fake_freertos.c checks. Nothing is scheduled: fake_freertos.h says what
 * "runs".
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef long BaseType_t;
typedef unsigned long UBaseType_t;
typedef uint32_t StackType_t;

#include "FreeRTOSConfig.h"

#if configUSE_16_BIT_TICKS == 1
typedef uint16_t TickType_t;
  #define portMAX_DELAY ((TickType_t)0xffff)
#else
typedef uint32_t TickType_t;
  #define portMAX_DELAY ((TickType_t)0xffffffffUL)
#endif

#define pdFALSE ((BaseType_t)0)
#define pdTRUE ((BaseType_t)1)
#define pdFAIL pdFALSE
#define pdPASS pdTRUE

#define portSTACK_GROWTH (-1)
#define portTICK_PERIOD_MS ((TickType_t)1000 / configTICK_RATE_HZ)

#ifndef configRUN_TIME_COUNTER_TYPE
  #define configRUN_TIME_COUNTER_TYPE uint32_t
#endif

#ifndef traceTASK_CREATE
  #define traceTASK_CREATE(pxNewTCB)
#endif
#ifndef traceTASK_DELETE
  #define traceTASK_DELETE(pxTaskToDelete)
#endif
#ifndef traceMALLOC
  #define traceMALLOC(pvAddress, uiSize)
#endif
#ifndef traceFREE
  #define traceFREE(pvAddress, uiSize)
#endif

/* A control block: the stack pointer of the task comes first, in every version of the kernel. */
typedef struct {
  void *pxDummy1;                            /* stack pointer */
  uintptr_t fake_other[11];                  /* lists and the priority, which nobody reads */
  void *pxDummy6;                            /* lowest word of the stack */
  uint8_t ucDummy7[configMAX_TASK_NAME_LEN]; /* name */
#if configRECORD_STACK_HIGH_ADDRESS == 1
  void *pxDummy8;                            /* highest word of the stack */
#endif
} StaticTask_t;

typedef struct {
  int fake_depth;
} StaticSemaphore_t;

typedef struct {
  const char *fake_name;
  TickType_t fake_period;
  BaseType_t fake_reloads;
  void (*fake_callback)(void *timer);
  int fake_running;
} StaticTimer_t;

void *pvPortMalloc(size_t xWantedSize);
void vPortFree(void *pv);
