/*
 * QEMU's RISC-V board "virt", 32 bits, machine mode: a 16550 UART, the CLINT's timer as the 1 ms
 * tick, its software interrupt, and the test device that resets the board. Traps go through the
 * SDK's port (ports/riscv).
 */
#include <stddef.h>

#include "board.h"
#include "board_faults.h"
#include "memfault/panics/arch/riscv/riscv.h"
#include "memfault/panics/coredump.h"
#include "memfault/ports/riscv.h"
#include "virt.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define TEST_DEVICE REG(0x00100000u)
#define TEST_DEVICE_RESET 0x7777u

#define CLINT_MSIP REG(0x02000000u)
#define CLINT_MTIMECMP_LOW REG(0x02004000u)
#define CLINT_MTIMECMP_HIGH REG(0x02004004u)
#define CLINT_MTIME_LOW REG(0x0200BFF8u)
#define CLINT_MTIME_HIGH REG(0x0200BFFCu)
#define TIME_HZ 10000000u

#define UART_DATA (*(volatile uint8_t *)0x10000000u)
#define UART_LINE_STATUS (*(volatile uint8_t *)0x10000005u)
#define UART_TX_EMPTY (1u << 5)

#define MIE_SOFTWARE (1u << 3)
#define MIE_TIMER (1u << 7)
#define MSTATUS_MIE (1u << 3)
#define MCAUSE_SOFTWARE_INTERRUPT 0x80000003u
#define MCAUSE_TIMER_INTERRUPT 0x80000007u

/* A naturally aligned power of two, locked: it counts for machine mode too. No access. */
#define PMP_LOCKED (1u << 7)
#define PMP_NAPOT (3u << 3)
#define GUARD_SIZE 4096u
#define TASK_STACK_SIZE 2048u

int main(void);
void board_start(void) __attribute__((noreturn));
void board_call_on_stack(void (*work)(void), uintptr_t stack_top);

extern uint32_t board_data_load[], board_data_start[], board_data_end[];
extern uint32_t board_bss_start[], board_bss_end[];

static struct {
  uint8_t guard[GUARD_SIZE];
  uint8_t stack[TASK_STACK_SIZE];
} s_task __attribute__((aligned(GUARD_SIZE), section(".noinit.board_task")));

static uint64_t s_next_tick;

void board_start(void) {
  const uint32_t *from = board_data_load;
  for (uint32_t *to = board_data_start; to != board_data_end; to++) {
    *to = *from++;
  }
  for (uint32_t *to = board_bss_start; to != board_bss_end; to++) {
    *to = 0;
  }
  board_exit(main());
}

static void set_next_tick(void) {
  s_next_tick += TIME_HZ / 1000u;
  CLINT_MTIMECMP_HIGH = UINT32_MAX; /* no interrupt between the two halves */
  CLINT_MTIMECMP_LOW = (uint32_t)s_next_tick;
  CLINT_MTIMECMP_HIGH = (uint32_t)(s_next_tick >> 32);
}

static uint64_t now(void) {
  uint32_t high, low;
  do {
    high = CLINT_MTIME_HIGH;
    low = CLINT_MTIME_LOW;
  } while (high != CLINT_MTIME_HIGH);
  return ((uint64_t)high << 32) | low;
}

void board_init(void) {
  s_next_tick = now();
  set_next_tick();
  __asm volatile("csrw mie, %0" ::"r"(MIE_SOFTWARE | MIE_TIMER));
  __asm volatile("csrs mstatus, %0" ::"r"(MSTATUS_MIE) : "memory");
}

void board_uart_putc(char c) {
  while ((UART_LINE_STATUS & UART_TX_EMPTY) == 0) {
  }
  UART_DATA = (uint8_t)c;
}

void memfault_port_riscv_interrupt(const sMfltRegState *regs) {
  if (regs->mcause == MCAUSE_TIMER_INTERRUPT) {
    set_next_tick();
    virt_tick(regs);
  } else if (regs->mcause == MCAUSE_SOFTWARE_INTERRUPT) {
    CLINT_MSIP = 0;
    virt_do_interrupt_work();
  }
}

void virt_pend_work_interrupt(void) {
  CLINT_MSIP = 1;
}

void board_wait_for_interrupt(void) {
  __asm volatile("wfi" ::: "memory");
}

void board_reset(void) {
  TEST_DEVICE = TEST_DEVICE_RESET;
  while (1) {
  }
}

void board_enable_fault_traps(void) {
  /* Loads and stores where nothing is fault anyway, at address 0 too. In QEMU 7.2 this entry stays
   * over a reset, and setting it again has no effect. */
  const uint32_t address = ((uint32_t)(uintptr_t)s_task.guard >> 2) | (GUARD_SIZE / 8u - 1u);
  __asm volatile("csrw pmpaddr0, %0" ::"r"(address));
  __asm volatile("csrs pmpcfg0, %0" ::"r"(PMP_LOCKED | PMP_NAPOT) : "memory");
}

board_task_stack_t board_task_stack(void) {
  return (board_task_stack_t){
    .guard_start = (uintptr_t)s_task.guard,
    .guard_end = (uintptr_t)s_task.stack,
    .stack_top = (uintptr_t)s_task.stack + sizeof(s_task.stack),
  };
}

void board_run_in_task(void (*work)(void)) {
  board_call_on_stack(work, board_task_stack().stack_top);
}
