/*
 * MPS2 boards (an385, an386, an500, an505): CMSDK APB UART 0, SysTick as the 1 ms tick, and APB
 * timer 0 as watchdog. The BOARD_ numbers come from CMakeLists.txt, as they differ between FPGA
 * images.
 */
#include <stddef.h>

#include "board.h"
#include "board_faults.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define UART_DATA REG(BOARD_UART0_BASE + 0x00u)
#define UART_STATE REG(BOARD_UART0_BASE + 0x04u)
#define UART_CTRL REG(BOARD_UART0_BASE + 0x08u)
#define UART_BAUDDIV REG(BOARD_UART0_BASE + 0x10u)
#define UART_STATE_TX_FULL (1u << 0)
#define UART_STATE_RX_FULL (1u << 1)
#define UART_CTRL_TX_ENABLE (1u << 0)
#define UART_CTRL_RX_ENABLE (1u << 1)

#define SYST_CSR REG(0xE000E010u)
#define SYST_RVR REG(0xE000E014u)
#define SYST_CVR REG(0xE000E018u)
#define SYST_CSR_CORE_CLOCK_INTERRUPT_ENABLE 7u

/* Counts down at the rate of the core. The interrupt's handler is that of the SDK, under the name
 * that the vector table has for it (MEMFAULT_EXC_HANDLER_WATCHDOG). */
#define TIMER_CTRL REG(BOARD_TIMER0_BASE + 0x00u)
#define TIMER_VALUE REG(BOARD_TIMER0_BASE + 0x04u)
#define TIMER_RELOAD REG(BOARD_TIMER0_BASE + 0x08u)
#define TIMER_CTRL_ENABLE (1u << 0)
#define TIMER_CTRL_INTERRUPT_ENABLE (1u << 3)
#define NVIC_ISER0 REG(0xE000E100u)

static volatile uint32_t s_uptime_ms;
static void (*volatile s_tick_hook)(void);

void board_init(void) {
  UART_BAUDDIV = BOARD_CPU_HZ / 115200u;
  UART_CTRL = UART_CTRL_TX_ENABLE | UART_CTRL_RX_ENABLE;
  SYST_RVR = BOARD_CPU_HZ / 1000u - 1u;
  SYST_CVR = 0;
  SYST_CSR = SYST_CSR_CORE_CLOCK_INTERRUPT_ENABLE;
}

void board_uart_putc(char c) {
  while ((UART_STATE & UART_STATE_TX_FULL) != 0) {
  }
  UART_DATA = (uint8_t)c;
}

int board_uart_getc(void) {
  return ((UART_STATE & UART_STATE_RX_FULL) != 0) ? (int)(UART_DATA & 0xFFu) : -1;
}

uint32_t board_uptime_ms(void) {
  return s_uptime_ms;
}

void board_set_tick_hook(void (*hook)(void)) {
  s_tick_hook = hook;
}

void SysTick_Handler(void) {
  s_uptime_ms++;
  void (*const hook)(void) = s_tick_hook;
  if (hook != NULL) {
    hook();
  }
}

void board_start_watchdog(uint32_t timeout_ms) {
  TIMER_RELOAD = BOARD_CPU_HZ / 1000u * timeout_ms;
  TIMER_VALUE = TIMER_RELOAD;
  TIMER_CTRL = TIMER_CTRL_ENABLE | TIMER_CTRL_INTERRUPT_ENABLE;
  NVIC_ISER0 = 1u << BOARD_TIMER0_IRQ;
}

void board_feed_watchdog(void) {
  TIMER_VALUE = TIMER_RELOAD;
}
