/* Registers of an AArch64 (spec 50, 9.8). The port stores them and calls memfault_fault_handler(). */
#pragma once

#include <stdint.h>

#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

MEMFAULT_PACKED_STRUCT MfltRegState {
  uint64_t sp;
  uint64_t pc;
  uint64_t cpsr;
  uint64_t x[31];
};

#ifdef __cplusplus
}
#endif
