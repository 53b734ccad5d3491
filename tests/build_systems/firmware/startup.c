/* Start-up code for QEMU's Cortex-M boards; output goes through semihosting (newlib's rdimon). */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t stack_top[], data_load[], data_start[], data_end[], bss_start[], bss_end[];
void initialise_monitor_handles(void);
int main(void);
void reset(void);

static void stop(void) {
  for (;;) {
  }
}

/* As start-up code of vendors has them: weak, and replaced by whoever defines them. */
#define HANDLER(name) void name(void) __attribute__((weak, alias("stop")))
HANDLER(NMI_Handler);
HANDLER(HardFault_Handler);
HANDLER(MemManage_Handler);
HANDLER(BusFault_Handler);
HANDLER(UsageFault_Handler);

__attribute__((section(".vectors"), used)) static void (*const s_vectors[16])(void) = {
  (void (*)(void))(uintptr_t)stack_top,
  reset,
  NMI_Handler,
  HardFault_Handler,
  MemManage_Handler,
  BusFault_Handler,
  UsageFault_Handler,
};

void reset(void) {
  uint32_t *from = data_load;
  for (uint32_t *to = data_start; to < data_end; to++) {
    *to = *from++;
  }
  for (uint32_t *to = bss_start; to < bss_end; to++) {
    *to = 0;
  }
#if defined(__ARM_FP)
  *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* the FPU is off after reset */
  __asm__ volatile("dsb\n isb");
#endif
  initialise_monitor_handles();
  exit(main());
}

void _init(void) {}
void _fini(void) {}
