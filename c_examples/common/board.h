/* What an example needs from its board: a UART, a 1 ms tick, an interrupt, a reset, an end. */
#pragma once

#include <stdint.h>

/* Starts the UART (115200 baud where the model cares) and the 1 ms tick interrupt. */
void board_init(void);

/* Writes one byte to the UART, waiting while its FIFO is full. */
void board_uart_putc(char c);

/* Takes one byte that the UART has received, -1 if there is none. Cortex-M boards and the host, which
 * waits for one. */
int board_uart_getc(void);

/* Milliseconds since board_init(). Wraps after 49 days, longer than any example runs. */
uint32_t board_uptime_ms(void);

/* Calls `hook` from the tick interrupt, once per millisecond. NULL takes it out again. */
void board_set_tick_hook(void (*hook)(void));

/* Runs `work` inside an interrupt handler, before this function returns. */
void board_run_in_interrupt(void (*work)(void));

/* Sleeps until the next interrupt; there is one per millisecond. */
void board_wait_for_interrupt(void);

/* 1 after power-on, one more after each reset that kept RAM. */
uint32_t board_boot_count(void);

/* Resets the chip. RAM keeps its content. */
void board_reset(void) __attribute__((noreturn));

/* The emulator's command line: name of the program, arguments. Empty if there is none. */
const char *board_command_line(void);

/* Ends the emulation; `code` becomes QEMU's exit code (0 = success). */
void board_exit(int code) __attribute__((noreturn));
