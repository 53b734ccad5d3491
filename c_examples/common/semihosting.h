/* Requests to the emulator (or to a debugger that plays along), the same numbers on every core. */
#pragma once

#include <stdint.h>

#define SEMIHOSTING_GET_CMDLINE 0x15u
#define SEMIHOSTING_EXIT 0x18u
#define SEMIHOSTING_EXIT_EXTENDED 0x20u
#define SEMIHOSTING_REASON_APPLICATION_EXIT 0x20026u

static inline intptr_t semihosting(uint32_t operation, void *block) {
#if defined(__arm__)
  register intptr_t result __asm("r0") = (intptr_t)operation;
  register void *argument __asm("r1") = block;
  __asm volatile("bkpt 0xAB" : "+r"(result) : "r"(argument) : "memory");
#elif defined(__aarch64__)
  register intptr_t result __asm("x0") = (intptr_t)operation;
  register void *argument __asm("x1") = block;
  __asm volatile("hlt 0xF000" : "+r"(result) : "r"(argument) : "memory");
#elif defined(__riscv)
  register intptr_t result __asm("a0") = (intptr_t)operation;
  register void *argument __asm("a1") = block;
  /* Three instructions that mean nothing else, uncompressed and in one page. */
  __asm volatile(
    ".balign 16\n"
    ".option push\n"
    ".option norvc\n"
    "slli x0, x0, 0x1f\n"
    "ebreak\n"
    "srai x0, x0, 7\n"
    ".option pop"
    : "+r"(result)
    : "r"(argument)
    : "memory");
#endif
  return result;
}
