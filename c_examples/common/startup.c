/*
 * Vector table and reset handler for every Cortex-M board of the examples (M0, M3, M4, M7, M33).
 *
 * The reset handler fills .data, clears .bss and leaves .noinit alone: reboot tracking keeps there
 * what it knows about the boot before (spec 60 section 9).
 */
#include <stdint.h>

#include "board.h"

int main(void);

/* From sections.ld. The top of the stack is declared as a function only because ISO C has no
 * conversion from a data pointer to the function pointers that the table is made of. */
extern void board_stack_top(void);
extern uint32_t board_data_load[], board_data_start[], board_data_end[];
extern uint32_t board_bss_start[], board_bss_end[];

void Reset_Handler(void) {
#if defined(__ARM_FP)
  /* Hard-float builds: the FPU is off after reset, and main() may use it in its first line. */
  volatile uint32_t *const cpacr = (volatile uint32_t *)0xE000ED88u;
  *cpacr |= 0xFu << 20;
  __asm volatile("dsb\n isb" ::: "memory");
#endif
  const uint32_t *from = board_data_load;
  for (uint32_t *to = board_data_start; to != board_data_end; to++) {
    *to = *from++;
  }
  for (uint32_t *to = board_bss_start; to != board_bss_end; to++) {
    *to = 0;
  }
  board_exit(main());
}

/* An exception that nobody expects ends the run with its number, so that a test fails at once
 * and does not wait for its time limit. */
static void unexpected_exception(void) {
  uint32_t number;
  __asm volatile("mrs %0, ipsr" : "=r"(number));
  board_exit(100 + (int)(number & 0x1Fu));
}

/* Weak, so that the SDK's fault handlers take these places once they are linked. */
#define UNLESS_LINKED __attribute__((weak, alias("unexpected_exception")))
void NMI_Handler(void) UNLESS_LINKED;
void HardFault_Handler(void) UNLESS_LINKED;
void MemManage_Handler(void) UNLESS_LINKED;
void BusFault_Handler(void) UNLESS_LINKED;
void UsageFault_Handler(void) UNLESS_LINKED;
void SVC_Handler(void) UNLESS_LINKED;
void DebugMon_Handler(void) UNLESS_LINKED;
void PendSV_Handler(void) UNLESS_LINKED;
void SysTick_Handler(void) UNLESS_LINKED;
void IRQ3_Handler(void) UNLESS_LINKED;
void IRQ8_Handler(void) UNLESS_LINKED;
void IRQ9_Handler(void) UNLESS_LINKED;

#define NO_HANDLER unexpected_exception

__attribute__((section(".vectors"), used)) static void (*const s_vectors[])(void) = {
  board_stack_top,
  Reset_Handler,
  NMI_Handler,
  HardFault_Handler,
  MemManage_Handler,
  BusFault_Handler,
  UsageFault_Handler,
  NO_HANDLER,
  NO_HANDLER,
  NO_HANDLER,
  NO_HANDLER,
  SVC_Handler,
  DebugMon_Handler,
  NO_HANDLER,
  PendSV_Handler,
  SysTick_Handler,
  /* Interrupts 0 to 9: the tick of the nRF51 is number 8, the timers for a watchdog are 9 (nRF51),
   * 3 (an505) and 8 (the others). */
  NO_HANDLER,
  NO_HANDLER,
  NO_HANDLER,
  IRQ3_Handler,
  NO_HANDLER,
  NO_HANDLER,
  NO_HANDLER,
  NO_HANDLER,
  IRQ8_Handler,
  IRQ9_Handler,
};
