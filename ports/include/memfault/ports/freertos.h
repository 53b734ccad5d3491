/* The FreeRTOS port: ports/freertos/ (spec 60 §15.2). docs/porting.md tells how to use it. */
#pragma once

#include "FreeRTOSConfig.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1: mutex and timer of the port lie in static memory; 0: they come from the kernel's heap. */
#ifndef MEMFAULT_FREERTOS_PORT_USE_STATIC_ALLOCATION
  #if defined(configSUPPORT_STATIC_ALLOCATION) && configSUPPORT_STATIC_ALLOCATION == 1
    #define MEMFAULT_FREERTOS_PORT_USE_STATIC_ALLOCATION 1
  #else
    #define MEMFAULT_FREERTOS_PORT_USE_STATIC_ALLOCATION 0
  #endif
#endif

/**
 * Makes the mutex behind memfault_lock(). Call it once, before any other function of the SDK and
 * before a second task runs; the scheduler need not have started. Until then memfault_lock() does
 * nothing. An SDK assert if the kernel has no memory for the mutex.
 */
void memfault_freertos_port_boot(void);

#ifdef __cplusplus
}
#endif
