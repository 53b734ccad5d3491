/* Start-up code of the board; output goes through semihosting (newlib's rdimon). */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t stack_top[], data_load[], data_start[], data_end[], bss_start[], bss_end[];
void initialise_monitor_handles(void);
int main(void);
void Reset_Handler(void);

static void unexpected(void) {
  exit(100);
}

#define WEAK __attribute__((weak, alias("unexpected")))
void NMI_Handler(void) WEAK;
void HardFault_Handler(void) WEAK;
void MemoryManagement_Handler(void) WEAK;
void BusFault_Handler(void) WEAK;
void UsageFault_Handler(void) WEAK;
void SVC_Handler(void) WEAK;
void PendSV_Handler(void) WEAK;
void SysTick_Handler(void) WEAK;

__attribute__((section(".vectors"), used)) static void (*const s_vectors[16])(void) = {
  (void (*)(void))(uintptr_t)stack_top,
  Reset_Handler,
  NMI_Handler,
  HardFault_Handler,
  MemoryManagement_Handler,
  BusFault_Handler,
  UsageFault_Handler,
  unexpected,
  unexpected,
  unexpected,
  unexpected,
  SVC_Handler,
  unexpected,
  unexpected,
  PendSV_Handler,
  SysTick_Handler,
};

void Reset_Handler(void) {
  uint32_t *from = data_load;
  for (uint32_t *to = data_start; to < data_end; to++) {
    *to = *from++;
  }
  for (uint32_t *to = bss_start; to < bss_end; to++) {
    *to = 0;
  }
  initialise_monitor_handles();
  exit(main());
}

void _init(void) {
}

void _fini(void) {
}
