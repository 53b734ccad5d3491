/*
 * Output and exit through Arm semihosting: QEMU prints the text and ends with the status, no board
 * peripheral is needed.
 */
#include "report.h"

#include <stdint.h>

#define SYS_WRITE0 0x04
#define SYS_EXIT 0x18
#define ADP_STOPPED_APPLICATION_EXIT 0x20026u
#define ADP_STOPPED_RUN_TIME_ERROR 0x20023u

static void semihosting_call(uint32_t operation, uintptr_t argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register uintptr_t r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void bench_platform_write(const char *text) {
  semihosting_call(SYS_WRITE0, (uintptr_t)text);
}

void bench_platform_exit(int status) {
  semihosting_call(SYS_EXIT,
                   status == 0 ? ADP_STOPPED_APPLICATION_EXIT : ADP_STOPPED_RUN_TIME_ERROR);
  for (;;) {
  }
}
