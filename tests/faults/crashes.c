/* Real exceptions on Cortex-M: every register of the coredump must be the one that the program had, on both stacks,
 * whatever the alignment of the stack was. One boot, many crashes: the hook that should restart the device goes on
 * with the next one instead.
 *
 * Prints a line per failed check and "N passed, M failed".
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_image.h"
#include "coredump_storage.h"
#include "crash_code.h"
#include "memfault/core/compiler.h"
#include "memfault/core/math.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/panics/arch/arm/cortex_m.h"
#include "memfault/panics/assert.h"
#include "memfault/panics/coredump.h"
#include "memfault_reboot_tracking_private.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define NVIC_ISER REG(0xE000E100u)
#define NVIC_ISPR 0xE000E200u
#define SCB_ICSR 0xE000ED04u
#define SCB_CCR REG(0xE000ED14u)
#define SCB_SHCSR REG(0xE000ED24u)
#define SCB_CFSR REG(0xE000ED28u)
#define SCB_HFSR REG(0xE000ED2Cu)
#define MPU_TYPE REG(0xE000ED90u)
#define FPU_FPCCR REG(0xE000EF34u)
#define ICSR_NMIPENDSET (1u << 31)
#define WATCHDOG_IRQ 9u
#define CCR_UNALIGN_TRP (1u << 3)
#define CCR_DIV_0_TRP (1u << 4)
#define SHCSR_BUSFAULTENA (1u << 17)
#define SHCSR_USGFAULTENA (1u << 18)
#define PSR_THUMB (1u << 24)
#define NOTHING_IS_HERE 0xD0000000u

#define FIRST_REASON kMfltRebootReason_Nmi
#define STACK_LEN_TO_COLLECT 32u

typedef struct {
  const char *name;
  void (*code)(void);
  uint32_t r0, r1, r2;
  uint32_t configurable_faults; /* bits of SHCSR */
  uint32_t traps;               /* bits of CCR */
  uint32_t cfsr;                /* what must be set in it */
  uint32_t reason;
  uint32_t pc_offset; /* from the first instruction of the code */
} crash_t;

/* sMemfaultAssertInfo of the assert with a reason. */
static sMemfaultAssertInfo s_assert_info = { .extra = 0xABCD,
                                             .assert_reason = kMfltRebootReason_KernelPanic };

#define ON_ARMV7_M (__ARM_ARCH_ISA_THUMB > 1)
/* Without configurable faults (all of them on Armv6-M) it is a HardFault. */
#define FAULT(reason) (ON_ARMV7_M ? kMfltRebootReason_##reason : kMfltRebootReason_HardFault)
#define HARD_FAULT kMfltRebootReason_HardFault

static const crash_t s_crashes[] = {
  { "NMI", code_store, ICSR_NMIPENDSET, SCB_ICSR, 0, 0, 0, 0, FIRST_REASON, 2 },
  { "undefined instruction", code_undefined_instruction, 1, 2, 3, 0, 0, 1u << 16, HARD_FAULT, 0 },
  { "usage fault", code_undefined_instruction, 1, 2, 3, SHCSR_USGFAULTENA, 0, 1u << 16,
    FAULT(UsageFault), 0 },
  { "load", code_load, 1, NOTHING_IS_HERE, 3, 0, 0, 1u << 9, HARD_FAULT, 0 },
  { "bus fault", code_load, 1, NOTHING_IS_HERE, 3, SHCSR_BUSFAULTENA, 0, 1u << 9, FAULT(BusFault), 0 },
  { "unaligned load", code_load, 1, 0x20000001u, 3, 0, CCR_UNALIGN_TRP, 1u << 24, HARD_FAULT, 0 },
  { "watchdog", code_store, 1u << WATCHDOG_IRQ, NVIC_ISPR, 0, 0, 0, 0,
    kMfltRebootReason_SoftwareWatchdog, 2 },
#if ON_ARMV7_M
  { "divide by zero", code_divide, 1, 2, 0, SHCSR_USGFAULTENA, CCR_DIV_0_TRP, 1u << 25,
    kMfltRebootReason_UsageFault, 0 },
#endif
  { "assert", code_assert, 0x1111, 0x2222, 3, 0, 0, 1u << 16, HARD_FAULT, 0 },
  { "assert with reason", code_assert_extra, 0x1111, 0x2222, 0, 0, 0, 1u << 16, HARD_FAULT, 0 },
};

static const crash_t *s_crash; /* the one that happens */
static registers_t s_wanted;
static uint32_t s_wanted_sp;
static bool s_process_stack;
static uint32_t s_psp_before;

static uint32_t s_steps; /* hooks that were called, in order, one hexadecimal digit each */
static uint64_t s_task_stack[128];

static coredump_block_t find_block(uint32_t type, unsigned index) {
  return coredump_find(g_storage.bytes, g_storage.size, type, index);
}

/* A word of a block's payload; 0 where it has none. */
static uint32_t word_of(coredump_block_t block, size_t offset) {
  uint32_t word = 0;
  if (offset + sizeof(word) <= block.len) {
    memcpy(&word, &block.payload[offset], sizeof(word));
  }
  return word;
}

static bool is_assert(void) {
  return s_crash->code == code_assert || s_crash->code == code_assert_extra;
}

static void check_registers(void) {
  const coredump_block_t block = find_block(0, 0);
  uint32_t got[19];
  CHECK_EQ(block.len, sizeof(got));
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(got); i++) {
    got[i] = word_of(block, 4 * i);
  }
  const uint32_t code = (uint32_t)(uintptr_t)s_crash->code & ~1u;
  uint32_t sp = s_wanted_sp;
  if (is_assert()) {
    /* lr lies where the unwind information says, and r4 to r11 are still the caller's. */
    sp -= 8;
    CHECK_EQ(REG(sp + 4), code + 4 + 1);
    CHECK_EQ(*(volatile uint16_t *)(uintptr_t)got[15], 0xDE4D);
  } else {
    CHECK_EQ(memcmp(&got[0], &s_wanted.r[0], 16), 0);
    CHECK_EQ(got[12], s_wanted.r[12]);
    CHECK_EQ(got[14], s_wanted.lr);
    CHECK_EQ(got[15], code + s_crash->pc_offset);
    CHECK_EQ(got[16] & 0xF9000000u, s_wanted.flags | PSR_THUMB);
  }
  CHECK_EQ(memcmp(&got[4], &s_wanted.r[4], 32), 0);
  CHECK_EQ(got[13], sp);
  CHECK_EQ(got[17], s_process_stack ? g_crash_msp : sp);
  CHECK_EQ(got[18], s_process_stack ? sp : s_psp_before);
}

static void check_regions(void) {
  static const struct {
    uint32_t address, length;
  } s_regions[] = { { 0xE000ED24, 28 }, { 0xE000ED18, 12 }, { 0xE000E004, 16 }, { 0xE000ED04, 8 },
                    { 0xE000EDFC, 4 },  { 0xE000E100, 4 },  { 0xE000E200, 4 },  { 0xE000E300, 4 },
                    { 0xE000E400, 32 } };
  const unsigned first = MEMFAULT_COLLECT_FAULT_REGS ? 0 : 1;
  unsigned index = 0;
  for (unsigned i = first; i < MEMFAULT_ARRAY_SIZE(s_regions); i++, index++) {
    const coredump_block_t block = find_block(1, index);
    CHECK_EQ(block.address, s_regions[i].address);
    CHECK_EQ(block.len, s_regions[i].length);
  }
  CHECK_EQ(find_block(1, index).len, STACK_LEN_TO_COLLECT);
  CHECK(find_block(1, index + 1).payload == NULL);
  const coredump_block_t mpu = find_block(9, 0);
  CHECK_EQ(mpu.len, 72);
  CHECK_EQ(word_of(mpu, 0), MPU_TYPE);
  if (ON_ARMV7_M && MEMFAULT_COLLECT_FAULT_REGS) {
    CHECK_EQ(word_of(find_block(1, 0), 4) & s_crash->cfsr, s_crash->cfsr); /* CFSR */
  }
}

/* The whole coredump, and the order of hooks that led to it. */
static void check_crash(void) {
  CHECK_EQ(s_steps, 0x123);
  CHECK(coredump_is_well_formed(g_storage.bytes, g_storage.size));
  CHECK(storage_kept_its_limits());
  CHECK_EQ(word_of(find_block(7, 0), 0), 40);
  /* The first reason since boot, whatever comes later. */
  CHECK_EQ(word_of(find_block(5, 0), 0), FIRST_REASON);
  check_registers();
  check_regions();
}

void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason) {
#if MEMFAULT_CACHE_FAULT_REGS
  memfault_coredump_cache_fault_regs();
  SCB_CFSR = SCB_CFSR; /* as an operating system does */
#endif
  s_steps = (s_steps << 4) | 1;
  CHECK_EQ(reason, s_crash->reason);
  CHECK_EQ((regs->exc_return >> 2) & 1, s_process_stack);
  CHECK_EQ((uintptr_t)regs % 8, 0);
#if defined(__ARM_FP)
  CHECK_EQ(regs->exc_return & (1u << 4), 0); /* the frame has room for floating-point registers */
#endif
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  static sMfltCoredumpRegion s_region;
  s_steps = (s_steps << 4) | 2;
  CHECK_EQ(crash_info->trace_reason, FIRST_REASON);
  CHECK_EQ((uintptr_t)crash_info->stack_address, s_wanted_sp - (is_assert() ? 8u : 0u));
  s_region =
    MEMFAULT_COREDUMP_MEMORY_REGION_INIT(crash_info->stack_address, STACK_LEN_TO_COLLECT);
  *num_regions = 1;
  return &s_region;
}

MEMFAULT_NORETURN void __wrap_memfault_platform_reboot(void);
void __wrap_memfault_platform_reboot(void) {
  s_steps = (s_steps << 4) | 3;
  check_crash();
  SCB_SHCSR &= ~(SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA);
  SCB_CCR &= ~(CCR_UNALIGN_TRP | CCR_DIV_0_TRP);
  SCB_CFSR = SCB_CFSR;
  SCB_HFSR = SCB_HFSR;
#if defined(__ARM_FP)
  FPU_FPCCR &= ~1u; /* nothing is left to be saved on a stack that is gone */
#endif
  crash_is_over();
}

static void print(const char *text) {
  while (*text != '\0') {
    board_uart_putc(*text++);
  }
}

static void run_crash(const crash_t *what, bool process_stack, uint32_t sp) {
  s_crash = what;
  s_process_stack = process_stack;
  s_wanted_sp = sp;
  s_steps = 0;
  storage_reset(1024);
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(s_wanted.r); i++) {
    s_wanted.r[i] = 0x10101010u * (uint32_t)(i + 1) + check_random(0x1000);
  }
  s_wanted.r[0] = what->r0;
  s_wanted.r[1] = what->r1;
  s_wanted.r[2] = what->code == code_assert_extra ? (uint32_t)(uintptr_t)&s_assert_info : what->r2;
  s_wanted.lr = 0x1234567u;
  s_wanted.flags = check_random(31) << 27;
  if (!ON_ARMV7_M) {
    s_wanted.flags &= 0xF0000000u; /* no saturation */
  }
  SCB_SHCSR |= what->configurable_faults;
  SCB_CCR |= what->traps;
  __asm volatile("mrs %0, psp" : "=r"(s_psp_before));
#if defined(__ARM_FP)
  /* Now the hardware keeps room for floating-point registers in the frame. */
  __asm volatile("vmov.f32 s0, #1.0" ::: "s0");
#endif
  crash(&s_wanted, sp, process_stack, what->code);
}

int main(void) {
  static uint8_t s_tracking[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  board_init();
  NVIC_ISER = 1u << WATCHDOG_IRQ;
  memfault_reboot_tracking_boot(s_tracking, NULL);
  memfault_reboot_tracking_clear_reset_info(); /* the reason of this boot */

  s_crash = &s_crashes[0];
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(s_crashes); i++) {
    const uint32_t main_sp = ((uint32_t)(uintptr_t)__builtin_frame_address(0) - 512u) & ~7u;
    const uint32_t task_sp = (uint32_t)(uintptr_t)&s_task_stack[MEMFAULT_ARRAY_SIZE(s_task_stack) - 8];
    print(s_crashes[i].name);
    print("\n");
    run_crash(&s_crashes[i], false, main_sp);
    run_crash(&s_crashes[i], false, main_sp - 4);
    run_crash(&s_crashes[i], true, task_sp);
    run_crash(&s_crashes[i], true, task_sp - 4);
  }

  /* Only the very first crash was marked. */
  sMfltResetReasonInfo info;
  CHECK(memfault_reboot_tracking_read_reset_info(&info));
  CHECK_EQ(info.reason, FIRST_REASON);
  CHECK_EQ(info.pc, ((uint32_t)(uintptr_t)code_store & ~1u) + 2);
  CHECK_EQ(info.lr, 0x1234567u);
  CHECK(info.coredump_saved);
  check_finish();
}
