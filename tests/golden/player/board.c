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

// As start-up code of vendors has it: the library's own handlers replace these where they are linked.
#define DEFAULT_HANDLER(name) void name(void) __attribute__((weak, alias("fault")))
DEFAULT_HANDLER(NMI_Handler);
DEFAULT_HANDLER(HardFault_Handler);
DEFAULT_HANDLER(MemManage_Handler);
DEFAULT_HANDLER(BusFault_Handler);
DEFAULT_HANDLER(UsageFault_Handler);
DEFAULT_HANDLER(MemfaultWatchdog_Handler);

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
  { .handler = NMI_Handler },
  { .handler = HardFault_Handler },
  { .handler = MemManage_Handler },
  { .handler = BusFault_Handler },
  { .handler = UsageFault_Handler },
  { .handler = NULL },
  { .handler = NULL },
  { .handler = NULL },
  { .handler = NULL },
  { .handler = fault },  // SVCall
  { .handler = fault },  // debug monitor
  { .handler = NULL },
  { .handler = pend_sv },
  { .handler = fault },                     // SysTick
  { .handler = MemfaultWatchdog_Handler },  // interrupt 0
};
