/* What every Cortex-M board has in common: reset, PendSV, sleep, semihosting, no heap. */
#include <stddef.h>

#include "board.h"

/* System control block, same addresses on all cores. */
#define SCB_ICSR (*(volatile uint32_t *)0xE000ED04u)
#define SCB_AIRCR (*(volatile uint32_t *)0xE000ED0Cu)
#define ICSR_PENDSVSET (1u << 28)
#define AIRCR_VECTKEY (0x05FAu << 16)
#define AIRCR_SYSRESETREQ (1u << 2)

/* Semihosting: SYS_EXIT_EXTENDED with the reason "application exit" carries an exit code. */
#define SYS_EXIT_EXTENDED 0x20u
#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

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

/* Counts boots in RAM that survives a reset. Power-on leaves noise (zeroes in QEMU) here, which
 * the magic number tells from a count. Real firmware asks its reset-cause register instead; QEMU
 * models none on these boards. */
#define BOOTS_MAGIC 0xB0075EEDu
static struct {
  uint32_t magic;
  uint32_t count;
} s_boots __attribute__((section(".noinit.board_boots")));

uint32_t board_boot_count(void) {
  static uint32_t s_this_boot;
  if (s_this_boot == 0) {
    s_boots.count = (s_boots.magic == BOOTS_MAGIC) ? s_boots.count + 1 : 1;
    s_boots.magic = BOOTS_MAGIC;
    s_this_boot = s_boots.count;
  }
  return s_this_boot;
}

void board_reset(void) {
  __asm volatile("dsb" ::: "memory"); /* what was written to RAM must arrive there first */
  SCB_AIRCR = AIRCR_VECTKEY | AIRCR_SYSRESETREQ;
  __asm volatile("dsb" ::: "memory");
  while (1) {
  }
}

void board_exit(int code) {
  const uint32_t block[2] = { ADP_STOPPED_APPLICATION_EXIT, (uint32_t)code };
  register uint32_t operation __asm("r0") = SYS_EXIT_EXTENDED;
  register const uint32_t *argument __asm("r1") = block;
  __asm volatile("bkpt 0xAB" : "+r"(operation) : "r"(argument) : "memory");
  while (1) {
  }
}

/* newlib's printf links malloc for the rare formats that need it. There is no heap to give. */
void *_sbrk(ptrdiff_t increment);
void *_sbrk(ptrdiff_t increment) {
  (void)increment;
  return (void *)-1;
}
