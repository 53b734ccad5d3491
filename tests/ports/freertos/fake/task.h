#pragma once

#include "FreeRTOS.h"

#ifndef tskKERNEL_VERSION_MAJOR
  #define tskKERNEL_VERSION_MAJOR 10
  #define tskKERNEL_VERSION_MINOR 4
  #define tskKERNEL_VERSION_BUILD 3
#endif

typedef StaticTask_t *TaskHandle_t;

typedef void (*TaskFunction_t)(void *pvParameters);

BaseType_t xTaskCreate(TaskFunction_t pxTaskCode, const char *pcName, uint16_t uxStackDepth,
                       void *pvParameters, UBaseType_t uxPriority, TaskHandle_t *pxCreatedTask);
void vTaskStartScheduler(void);
TickType_t xTaskGetTickCount(void);
TickType_t xTaskGetTickCountFromISR(void);
void vTaskDelay(TickType_t xTicksToDelay);
TaskHandle_t xTaskGetHandle(const char *pcNameToQuery);
UBaseType_t uxTaskGetStackHighWaterMark(TaskHandle_t xTask);
configRUN_TIME_COUNTER_TYPE ulTaskGetIdleRunTimeCounter(void);
configRUN_TIME_COUNTER_TYPE fake_run_time(void);

void fake_enter_critical(void);
void fake_exit_critical(void);
UBaseType_t fake_enter_critical_from_isr(void);
void fake_exit_critical_from_isr(UBaseType_t state);
#define taskENTER_CRITICAL() fake_enter_critical()
#define taskEXIT_CRITICAL() fake_exit_critical()
#define taskENTER_CRITICAL_FROM_ISR() fake_enter_critical_from_isr()
#define taskEXIT_CRITICAL_FROM_ISR(x) fake_exit_critical_from_isr(x)
