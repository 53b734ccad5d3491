/* Registers of a Cortex-M (spec 50, 9.6).
 * The exception handlers of the library fill it in; a port that has its own calls
 * memfault_fault_handler() with it.
 */
#pragma once

#include <stdint.h>

#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the hardware puts on the stack at an exception. */
typedef MEMFAULT_PACKED_STRUCT MfltExceptionFrame {
  uint32_t r0;
  uint32_t r1;
  uint32_t r2;
  uint32_t r3;
  uint32_t r12;
  uint32_t lr;
  uint32_t pc;
  uint32_t xpsr;
} sMfltExceptionFrame;

MEMFAULT_PACKED_STRUCT MfltRegState {
  sMfltExceptionFrame *exception_frame;
  uint32_t r4;
  uint32_t r5;
  uint32_t r6;
  uint32_t r7;
  uint32_t r8;
  uint32_t r9;
  uint32_t r10;
  uint32_t r11;
  /* lr in the exception handler: which stack and frame was in use. */
  uint32_t exc_return;
};

#ifdef __cplusplus
}
#endif
