/*
 * Vector table and reset code of the benchmark programs on mps2-an386. Any fault ends the run
 * loudly: a benchmark that crashed must not look like one that is only slow. In programs with the
 * SDK's fault handlers, those take the places of the weak ones.
 */
#include "report.h"

#include <stdint.h>

extern uint32_t bench_data_load[], bench_data_start[], bench_data_end[];
extern uint32_t bench_bss_start[], bench_bss_end[];
extern uint32_t bench_stack_top[];

int main(void);

void reset_handler(void) {
  uint32_t *from = bench_data_load;
  for (uint32_t *to = bench_data_start; to < bench_data_end; to++) {
    *to = *from++;
  }
  for (uint32_t *to = bench_bss_start; to < bench_bss_end; to++) {
    *to = 0;
  }
  main();
  bench_fail("main returned");
}

static void unexpected_exception(void) {
  uint32_t number;
  __asm__ volatile("mrs %0, ipsr" : "=r"(number));
  bench_fail("exception %lu", (unsigned long)number);
}

#define UNLESS_LINKED __attribute__((weak, alias("unexpected_exception")))
void NMI_Handler(void) UNLESS_LINKED;
void HardFault_Handler(void) UNLESS_LINKED;
void MemManage_Handler(void) UNLESS_LINKED;
void BusFault_Handler(void) UNLESS_LINKED;
void UsageFault_Handler(void) UNLESS_LINKED;

typedef struct {
  uint32_t *initial_stack;
  void (*handlers[15])(void);
} vector_table;

__attribute__((section(".vectors"), used)) static const vector_table vectors = {
  .initial_stack = bench_stack_top,
  .handlers = {
    reset_handler,        NMI_Handler,          HardFault_Handler,    MemManage_Handler,
    BusFault_Handler,     UsageFault_Handler,   unexpected_exception, unexpected_exception,
    unexpected_exception, unexpected_exception, unexpected_exception, unexpected_exception,
    unexpected_exception, unexpected_exception, unexpected_exception,
  },
};
