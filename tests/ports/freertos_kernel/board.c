/* UART, timer, an interrupt and reset of the MPS2 boards. Not the drivers of the examples: SysTick
 * and PendSV are the kernel's here. */
#include <stddef.h>

#include "app.h"
#include "board.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define UART_DATA REG(UART0_BASE + 0x00u)
#define UART_STATE REG(UART0_BASE + 0x04u)
#define UART_CTRL REG(UART0_BASE + 0x08u)
#define UART_BAUDDIV REG(UART0_BASE + 0x10u)
#define TIMER_CTRL REG(TIMER0_BASE + 0x00u)
#define TIMER_VALUE REG(TIMER0_BASE + 0x04u)
#define TIMER_RELOAD REG(TIMER0_BASE + 0x08u)
#define NVIC_ISER0 REG(0xE000E100u)
#define NVIC_STIR REG(0xE000EF00u)
#define NVIC_IPR2 REG(0xE000E408u)
#define SCB_AIRCR REG(0xE000ED0Cu)

#define IRQ 9u /* of startup.c; no device of these boards that is in use here has it */

void app_board_start(void) {
  UART_BAUDDIV = configCPU_CLOCK_HZ / 115200u;
  UART_CTRL = 1;
  TIMER_RELOAD = UINT32_MAX;
  TIMER_VALUE = UINT32_MAX;
  TIMER_CTRL = 1;
  NVIC_IPR2 = (6u << 5) << 8; /* may call the kernel */
  NVIC_ISER0 = 1u << IRQ;
}

/* Counts core cycles. */
uint32_t app_run_time(void) {
  return ~TIMER_VALUE;
}

void board_uart_putc(char c) {
  while ((UART_STATE & 1u) != 0) {
  }
  UART_DATA = (uint8_t)c;
}

void board_reset(void) {
  __asm volatile("dsb" ::: "memory");
  SCB_AIRCR = (0x05FAu << 16) | (1u << 2);
  while (1) {
  }
}

static void (*volatile s_work)(void);

void IRQ9_Handler(void);
void IRQ9_Handler(void) {
  s_work();
}

void app_run_in_interrupt(void (*work)(void)) {
  s_work = work;
  NVIC_STIR = IRQ;
  __asm volatile("dsb\n isb" ::: "memory");
}

/* newlib's printf links malloc for the rare formats that need it. There is no heap to give. */
void *_sbrk(ptrdiff_t increment);
void *_sbrk(ptrdiff_t increment) {
  (void)increment;
  return (void *)-1;
}
