/* As firmware has it; CMakeLists.txt varies what the port looks at. */
#pragma once

#ifndef FAKE_TICK_RATE_HZ
  #define FAKE_TICK_RATE_HZ 1000
#endif
#ifndef FAKE_16_BIT_TICKS
  #define FAKE_16_BIT_TICKS 0
#endif
#ifndef FAKE_STATIC_ALLOCATION
  #define FAKE_STATIC_ALLOCATION 1
#endif
#ifndef FAKE_RECORD_STACK_HIGH_ADDRESS
  #define FAKE_RECORD_STACK_HIGH_ADDRESS 1
#endif
#ifdef FAKE_RUN_TIME_COUNTER_TYPE
  #define configRUN_TIME_COUNTER_TYPE FAKE_RUN_TIME_COUNTER_TYPE
#endif
#ifdef FAKE_NUMBER_OF_CORES
  #define configNUMBER_OF_CORES FAKE_NUMBER_OF_CORES
#endif

#define configTICK_RATE_HZ ((TickType_t)FAKE_TICK_RATE_HZ)
#define configUSE_16_BIT_TICKS FAKE_16_BIT_TICKS
#define configMAX_TASK_NAME_LEN 16
#define configUSE_MUTEXES 1
#define configUSE_RECURSIVE_MUTEXES 1
#define configUSE_TIMERS 1
#define configSUPPORT_STATIC_ALLOCATION FAKE_STATIC_ALLOCATION
#define configRECORD_STACK_HIGH_ADDRESS FAKE_RECORD_STACK_HIGH_ADDRESS
#define configCHECK_FOR_STACK_OVERFLOW 2
#define configUSE_TRACE_FACILITY 1
#define configGENERATE_RUN_TIME_STATS 1
#define INCLUDE_uxTaskGetStackHighWaterMark 1
#define INCLUDE_xTaskGetHandle 1
#define INCLUDE_xTaskGetIdleTaskHandle 1

#define portGET_RUN_TIME_COUNTER_VALUE() fake_run_time() /* fake/task.h */

#include "memfault/ports/freertos_trace.h"
