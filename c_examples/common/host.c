/* The "board" when an example runs on the development machine: the terminal is the UART. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "board.h"
#include "memfault/core/arch.h"
#include "memfault/core/platform/core.h"

static uint32_t s_uptime_ms;
static bool s_inside_interrupt;
static void (*s_tick_hook)(void);

void board_init(void) {
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

void board_uart_putc(char c) {
  putchar(c);
}

int board_uart_getc(void) {
  const int c = getchar();
  if (c == EOF) {
    board_exit(0);
  }
  return c;
}

uint32_t board_uptime_ms(void) {
  return s_uptime_ms;
}

void board_set_tick_hook(void (*hook)(void)) {
  s_tick_hook = hook;
}

void board_run_in_interrupt(void (*work)(void)) {
  s_inside_interrupt = true;
  work();
  s_inside_interrupt = false;
}

/* Time only passes while the program waits, which makes every run the same. */
void board_wait_for_interrupt(void) {
  s_uptime_ms++;
  if (s_tick_hook != NULL) {
    board_run_in_interrupt(s_tick_hook);
  }
}

uint32_t board_boot_count(void) {
  return 1;
}

void board_reset(void) {
  fputs("a host program cannot be reset\n", stderr);
  exit(EXIT_FAILURE);
}

void board_exit(int code) {
  exit(code);
}

/* The SDK knows these two for Cortex-M; elsewhere the platform provides them. */
bool memfault_arch_is_inside_isr(void) {
  return s_inside_interrupt;
}

void memfault_platform_halt_if_debugging(void) {
}
