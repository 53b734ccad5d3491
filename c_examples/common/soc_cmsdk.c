/*
 * MPS2 boards (an385, an386, an500, an505): CMSDK APB UART 0, and SysTick as the 1 ms tick.
 * BOARD_UART0_BASE and BOARD_CPU_HZ come from boards.cmake, as they differ between FPGA images.
 */
#include <stddef.h>

#include "board.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define UART_DATA REG(BOARD_UART0_BASE + 0x00u)
#define UART_STATE REG(BOARD_UART0_BASE + 0x04u)
#define UART_CTRL REG(BOARD_UART0_BASE + 0x08u)
#define UART_BAUDDIV REG(BOARD_UART0_BASE + 0x10u)
#define UART_STATE_TX_FULL (1u << 0)
#define UART_CTRL_TX_ENABLE (1u << 0)

#define SYST_CSR REG(0xE000E010u)
#define SYST_RVR REG(0xE000E014u)
#define SYST_CVR REG(0xE000E018u)
#define SYST_CSR_CORE_CLOCK_INTERRUPT_ENABLE 7u

static volatile uint32_t s_uptime_ms;
static void (*volatile s_tick_hook)(void);

void board_init(void) {
  UART_BAUDDIV = BOARD_CPU_HZ / 115200u;
  UART_CTRL = UART_CTRL_TX_ENABLE;
  SYST_RVR = BOARD_CPU_HZ / 1000u - 1u;
  SYST_CVR = 0;
  SYST_CSR = SYST_CSR_CORE_CLOCK_INTERRUPT_ENABLE;
}

void board_uart_putc(char c) {
  while ((UART_STATE & UART_STATE_TX_FULL) != 0) {
  }
  UART_DATA = (uint8_t)c;
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
