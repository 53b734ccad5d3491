/*
 * BBC micro:bit (nRF51822, Cortex-M0): UART 0, TIMER0 as the 1 ms tick, as this chip is made
 * without a SysTick timer, and TIMER1 as watchdog.
 */
#include <stddef.h>

#include "board.h"
#include "board_faults.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define UART_TASKS_STARTRX REG(0x40002000u)
#define UART_TASKS_STARTTX REG(0x40002008u)
#define UART_EVENTS_RXDRDY REG(0x40002108u)
#define UART_EVENTS_TXDRDY REG(0x4000211Cu)
#define UART_ENABLE REG(0x40002500u)
#define UART_PSELTXD REG(0x4000250Cu)
#define UART_PSELRXD REG(0x40002514u)
#define UART_RXD REG(0x40002518u)
#define UART_TXD REG(0x4000251Cu)
#define UART_BAUDRATE REG(0x40002524u)
#define UART_ENABLED 4u
#define UART_115200_BAUD 0x01D7E000u
#define MICROBIT_TX_PIN 24u
#define MICROBIT_RX_PIN 25u

#define TIMER_TASKS_START REG(0x40008000u)
#define TIMER_EVENTS_COMPARE0 REG(0x40008140u)
#define TIMER_SHORTS REG(0x40008200u)
#define TIMER_INTENSET REG(0x40008304u)
#define TIMER_BITMODE REG(0x40008508u)
#define TIMER_PRESCALER REG(0x40008510u)
#define TIMER_CC0 REG(0x40008540u)
#define TIMER_SHORT_COMPARE0_CLEAR (1u << 0)
#define TIMER_INT_COMPARE0 (1u << 16)
#define TIMER_16_BITS 0u
#define TIMER_32_BITS 3u
#define TIMER_PRESCALE_16MHZ_TO_1MHZ 4u
#define TIMER_PRESCALE_16MHZ_TO_31250HZ 9u
#define TIMER0_IRQ 8u

/* The SDK's handler is in the vector table (MEMFAULT_EXC_HANDLER_WATCHDOG). */
#define WATCHDOG_TASKS_START REG(0x40009000u)
#define WATCHDOG_TASKS_CLEAR REG(0x4000900Cu)
#define WATCHDOG_INTENSET REG(0x40009304u)
#define WATCHDOG_BITMODE REG(0x40009508u)
#define WATCHDOG_PRESCALER REG(0x40009510u)
#define WATCHDOG_CC0 REG(0x40009540u)
#define TIMER1_IRQ 9u

#define NVIC_ISER0 REG(0xE000E100u)

static volatile uint32_t s_uptime_ms;
static void (*volatile s_tick_hook)(void);

void board_init(void) {
  UART_PSELTXD = MICROBIT_TX_PIN;
  UART_PSELRXD = MICROBIT_RX_PIN;
  UART_BAUDRATE = UART_115200_BAUD;
  UART_ENABLE = UART_ENABLED;
  UART_TASKS_STARTTX = 1;
  UART_TASKS_STARTRX = 1;

  TIMER_BITMODE = TIMER_32_BITS;
  TIMER_PRESCALER = TIMER_PRESCALE_16MHZ_TO_1MHZ;
  TIMER_CC0 = 1000; /* microseconds */
  TIMER_SHORTS = TIMER_SHORT_COMPARE0_CLEAR;
  TIMER_INTENSET = TIMER_INT_COMPARE0;
  NVIC_ISER0 = 1u << TIMER0_IRQ;
  TIMER_TASKS_START = 1;
}

void board_uart_putc(char c) {
  UART_EVENTS_TXDRDY = 0;
  UART_TXD = (uint8_t)c;
  while (UART_EVENTS_TXDRDY == 0) {
  }
}

int board_uart_getc(void) {
  if (UART_EVENTS_RXDRDY == 0) {
    return -1;
  }
  UART_EVENTS_RXDRDY = 0; /* first: reading makes room, and the next byte sets it again */
  return (int)(UART_RXD & 0xFFu);
}

uint32_t board_uptime_ms(void) {
  return s_uptime_ms;
}

void board_set_tick_hook(void (*hook)(void)) {
  s_tick_hook = hook;
}

void IRQ8_Handler(void) {
  TIMER_EVENTS_COMPARE0 = 0;
  s_uptime_ms++;
  void (*const hook)(void) = s_tick_hook;
  if (hook != NULL) {
    hook();
  }
}

/* TIMER1 counts 16 bits: 2 seconds at most, and no less than is asked for. */
void board_start_watchdog(uint32_t timeout_ms) {
  WATCHDOG_BITMODE = TIMER_16_BITS;
  WATCHDOG_PRESCALER = TIMER_PRESCALE_16MHZ_TO_31250HZ;
  WATCHDOG_CC0 = timeout_ms * 32u;
  WATCHDOG_INTENSET = TIMER_INT_COMPARE0;
  NVIC_ISER0 = 1u << TIMER1_IRQ;
  WATCHDOG_TASKS_START = 1;
}

void board_feed_watchdog(void) {
  WATCHDOG_TASKS_CLEAR = 1;
}
