/*
 * QEMU's Arm board "virt" with a Cortex-A53 at EL1: PL011 UART, GICv2, the virtual timer as the
 * 1 ms tick, and a reset through PSCI. Exceptions go through the SDK's port (ports/aarch64).
 */
#include <stddef.h>
#include <string.h>

#include "board.h"
#include "board_faults.h"
#include "memfault/panics/arch/arm/aarch64.h"
#include "memfault/panics/coredump.h"
#include "memfault/ports/aarch64.h"
#include "virt.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define UART_DATA REG(0x09000000u)
#define UART_FLAGS REG(0x09000018u)
#define UART_FLAGS_TX_FULL (1u << 5)

#define GICD_CTLR REG(0x08000000u)
#define GICD_ISENABLER0 REG(0x08000100u)
#define GICD_SGIR REG(0x08000F00u)
#define GICC_CTLR REG(0x08010000u)
#define GICC_PMR REG(0x08010004u)
#define GICC_IAR REG(0x0801000Cu)
#define GICC_EOIR REG(0x08010010u)
#define SGIR_TO_ME (2u << 24)
#define WORK_INTERRUPT 1u
#define TIMER_INTERRUPT 27u
#define NO_INTERRUPT 1020u /* and above */

#define PSCI_SYSTEM_RESET 0x84000009u

/* Translation tables: 4 KiB pages, 39 bits of address. */
#define ENTRIES 512u
#define BLOCK_SIZE 0x00200000u
#define PAGE_SIZE 4096u
#define ENTRY_BLOCK 1u /* levels 1 and 2 */
#define ENTRY_TABLE 3u
#define ENTRY_PAGE 3u /* level 3 */
#define ENTRY_ACCESSED (1u << 10)
#define ENTRY_INNER_SHAREABLE (3u << 8)
#define ENTRY_READ_ONLY (1u << 7)
#define ENTRY_ATTRIBUTES(index) ((index) << 2)
#define ENTRY_EXECUTE_NEVER (3ull << 53)
#define NORMAL (ENTRY_ACCESSED | ENTRY_INNER_SHAREABLE | ENTRY_ATTRIBUTES(0u))
#define DEVICE (ENTRY_ACCESSED | ENTRY_ATTRIBUTES(1u) | ENTRY_EXECUTE_NEVER)
#define MAIR_NORMAL_0_DEVICE_1 0x04FFull
/* 39 bits of address in the lower half, none in the upper, 40 bits of physical address. */
#define TCR_39_BITS \
  (25ull | (1ull << 8) | (1ull << 10) | (3ull << 12) | (1ull << 23) | (2ull << 32))
#define SCTLR_MMU_CACHES ((1ull << 0) | (1ull << 2) | (1ull << 12))

#define TASK_STACK_SIZE PAGE_SIZE

int main(void);
void board_start(void) __attribute__((noreturn));
void board_call_on_stack(void (*work)(void), uintptr_t stack_top);

extern uint64_t board_data_load[], board_data_start[], board_data_end[];
extern uint64_t board_bss_start[], board_bss_end[];
extern char board_code_start[], board_ram_start[];

static struct {
  uint8_t guard[PAGE_SIZE];
  uint8_t stack[TASK_STACK_SIZE];
} s_task __attribute__((aligned(PAGE_SIZE), section(".noinit.board_task")));

/* Not in .bss, whose alignment they would change. */
static struct {
  uint64_t gibibytes[ENTRIES];
  uint64_t device_blocks[ENTRIES]; /* of the first gibibyte */
  uint64_t ram_blocks[ENTRIES];    /* of the second */
  uint64_t ram_pages[ENTRIES];     /* of the block with data and stacks */
} s_tables __attribute__((aligned(PAGE_SIZE), section(".noinit.board_tables")));


/* Not mapped, so that access faults: the first 2 MiB with address 0, and the guard of the task's
 * stack. */
static void enable_mmu(void) {
  memset(&s_tables, 0, sizeof(s_tables));
  for (uint64_t i = 1; i < ENTRIES; i++) {
    s_tables.device_blocks[i] = i * BLOCK_SIZE | DEVICE | ENTRY_BLOCK;
  }
  const uint64_t code = (uintptr_t)board_code_start;
  const uint64_t ram = (uintptr_t)board_ram_start;
  for (uint64_t i = 0; i < ENTRIES; i++) {
    s_tables.ram_pages[i] = (ram + i * PAGE_SIZE) | NORMAL | ENTRY_EXECUTE_NEVER | ENTRY_PAGE;
  }
  s_tables.ram_pages[((uintptr_t)s_task.guard - ram) / PAGE_SIZE] = 0;
  s_tables.ram_blocks[code / BLOCK_SIZE % ENTRIES] = code | NORMAL | ENTRY_READ_ONLY | ENTRY_BLOCK;
  s_tables.ram_blocks[ram / BLOCK_SIZE % ENTRIES] = (uintptr_t)s_tables.ram_pages | ENTRY_TABLE;
  s_tables.gibibytes[0] = (uintptr_t)s_tables.device_blocks | ENTRY_TABLE;
  s_tables.gibibytes[1] = (uintptr_t)s_tables.ram_blocks | ENTRY_TABLE;

  __asm volatile("msr mair_el1, %0" ::"r"(MAIR_NORMAL_0_DEVICE_1));
  __asm volatile("msr tcr_el1, %0" ::"r"(TCR_39_BITS));
  __asm volatile("msr ttbr0_el1, %0" ::"r"(s_tables.gibibytes));
  __asm volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" ::: "memory");
  uint64_t sctlr;
  __asm volatile("mrs %0, sctlr_el1" : "=r"(sctlr));
  __asm volatile("msr sctlr_el1, %0\n isb" ::"r"(sctlr | SCTLR_MMU_CACHES) : "memory");
}

void board_start(void) {
  const uint64_t *from = board_data_load;
  for (uint64_t *to = board_data_start; to != board_data_end; to++) {
    *to = *from++;
  }
  for (uint64_t *to = board_bss_start; to != board_bss_end; to++) {
    *to = 0;
  }
  enable_mmu();
  board_exit(main());
}

static void set_next_tick(void) {
  uint64_t frequency;
  __asm volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
  __asm volatile("msr cntv_tval_el0, %0" ::"r"(frequency / 1000u));
}

void board_init(void) {
  set_next_tick();
  __asm volatile("msr cntv_ctl_el0, %0" ::"r"(1ull));
  GICD_ISENABLER0 = (1u << WORK_INTERRUPT) | (1u << TIMER_INTERRUPT);
  GICC_PMR = 0xFF; /* every priority */
  GICD_CTLR = 1;
  GICC_CTLR = 1;
  __asm volatile("msr daifclr, #2" ::: "memory"); /* IRQ */
}

void board_uart_putc(char c) {
  while ((UART_FLAGS & UART_FLAGS_TX_FULL) != 0) {
  }
  UART_DATA = (uint8_t)c;
}

void memfault_port_aarch64_interrupt(const sMfltRegState *regs) {
  const uint32_t acknowledged = GICC_IAR;
  const uint32_t number = acknowledged & 0x3FFu;
  if (number >= NO_INTERRUPT) {
    return;
  }
  if (number == TIMER_INTERRUPT) {
    set_next_tick();
    virt_tick(regs);
  } else if (number == WORK_INTERRUPT) {
    virt_do_interrupt_work();
  }
  GICC_EOIR = acknowledged;
}

void virt_pend_work_interrupt(void) {
  GICD_SGIR = SGIR_TO_ME | WORK_INTERRUPT;
}

void board_wait_for_interrupt(void) {
  __asm volatile("wfi" ::: "memory");
}

/* The emulator has no caches. Elsewhere they must be cleaned first, so that RAM has everything. */
void board_reset(void) {
  register uint64_t function __asm("x0") = PSCI_SYSTEM_RESET;
  __asm volatile("hvc #0" : "+r"(function) : : "memory");
  while (1) {
  }
}

void board_enable_fault_traps(void) {
  /* Nothing to do: the tables of the MMU have no address 0 and no guard from the start. */
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
