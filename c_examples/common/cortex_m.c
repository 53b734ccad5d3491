/* What every Cortex-M board has in common: reset, PendSV, sleep, no heap. */
#include <stddef.h>

#include "board.h"

/* System control block, same addresses on all cores. */
#define SCB_ICSR (*(volatile uint32_t *)0xE000ED04u)
#define SCB_AIRCR (*(volatile uint32_t *)0xE000ED0Cu)
#define ICSR_PENDSVSET (1u << 28)
#define AIRCR_VECTKEY (0x05FAu << 16)
#define AIRCR_SYSRESETREQ (1u << 2)

static void (*volatile s_interrupt_work)(void);

void PendSV_Handler(void) {
  void (*const work)(void) = s_interrupt_work;
  s_interrupt_work = NULL;
  if (work != NULL) {
    work();
  }
}

void board_run_in_interrupt(void (*work)(void)) {
  s_interrupt_work = work;
  SCB_ICSR = ICSR_PENDSVSET;
  /* The barriers make the core take the exception here, not some instructions later. */
  __asm volatile("dsb\n isb" ::: "memory");
}

void board_wait_for_interrupt(void) {
  __asm volatile("wfi" ::: "memory");
}

void board_reset(void) {
  __asm volatile("dsb" ::: "memory"); /* what was written to RAM must arrive there first */
  SCB_AIRCR = AIRCR_VECTKEY | AIRCR_SYSRESETREQ;
  __asm volatile("dsb" ::: "memory");
  while (1) {
  }
}

/* newlib's printf links malloc for the rare formats that need it. There is no heap to give. */
void *_sbrk(ptrdiff_t increment);
void *_sbrk(ptrdiff_t increment) {
  (void)increment;
  return (void *)-1;
}
