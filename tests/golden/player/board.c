// Emulated board: reset, faults, exceptions on request, and the command line.
#include "board.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv);
void initialise_monitor_handles(void);
extern uint32_t board_stack_top[];

#define ICSR (*(volatile uint32_t *)0xE000ED04)
#define ICSR_PENDSVSET (1u << 28)
#define CPACR (*(volatile uint32_t *)0xE000ED88)
#define CPACR_FPU (0xFu << 20)

#define SEMIHOSTING_GET_COMMAND_LINE 0x15

static uintptr_t semihosting(uintptr_t operation, const void *argument) {
  register uintptr_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void board_start(void) {
  CPACR |= CPACR_FPU;
  initialise_monitor_handles();

  // The emulator hands over "player FILE" as one string.
  static char line[512];
  struct {
    char *text;
    int len;
  } command = { line, sizeof(line) };
  static char *arguments[3] = { line, NULL, NULL };
  if (semihosting(SEMIHOSTING_GET_COMMAND_LINE, &command) == 0) {
    for (char *c = line; *c != '\0'; c++) {
      if (*c == ' ') {
        *c = '\0';
        arguments[1] = c + 1;
        break;
      }
    }
  }
  exit(main(arguments[1] != NULL ? 2 : 1, arguments));
}

static void fault(void) {
  printf("!an exception that nobody expected\n");
  fflush(stdout);
  _Exit(1);
}

static void (*s_in_exception)(void);

static void pend_sv(void) {
  s_in_exception();
}

void board_run_in_exception(void (*function)(void)) {
  s_in_exception = function;
  ICSR = ICSR_PENDSVSET;
  __asm__ volatile("dsb\n isb" ::: "memory");
}

typedef union {
  void *stack_top;
  void (*handler)(void);
} vector;

static const vector s_vectors[] __attribute__((section(".vectors"), used)) = {
  { .stack_top = board_stack_top },
  { .handler = board_start },
  { .handler = fault },  // NMI
  { .handler = fault },  // hard fault
  { .handler = fault },  // memory fault
  { .handler = fault },  // bus fault
  { .handler = fault },  // usage fault
  { .handler = NULL },
  { .handler = NULL },
  { .handler = NULL },
  { .handler = NULL },
  { .handler = fault },  // SVCall
  { .handler = fault },  // debug monitor
  { .handler = NULL },
  { .handler = pend_sv },
  { .handler = fault },  // SysTick
};
