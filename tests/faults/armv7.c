/* Real exceptions on Armv7-A, in Arm and Thumb code, in a privileged mode and in User mode: every register of the
 * coredump must be the one that the program had. For QEMU's machine "virt" with a Cortex-A15.
 *
 * Prints a line per failed check and "N passed, M failed".
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_image.h"
#include "coredump_storage.h"
#include "memfault/core/arch.h"
#include "memfault/core/compiler.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/panics/arch/arm/v7_a_r.h"
#include "memfault/panics/assert.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"
#include "memfault_reboot_tracking_private.h"

/* Start-up: vectors, and a stack for each mode that is used. Offsets in crash(): those of registers_t. */
__asm__(
  ".pushsection .text.vectors,\"ax\",%progbits\n"
  ".syntax unified\n"
  ".arm\n"
  ".p2align 5\n"
  "vectors:\n"
  "b .\n"
  "ldr pc, =UndefinedInstruction_Handler\n"
  "b .\n"
  "ldr pc, =PrefetchAbort_Handler\n"
  "ldr pc, =RenamedDataAbort\n"
  "b .\n"
  "b .\n"
  "b .\n"
  ".ltorg\n"
  ".globl _start\n"
  ".type _start, %function\n"
  "_start:\n"
  "ldr r0, =vectors\n"
  "mcr p15, 0, r0, c12, c0, 0\n"
  "cpsid aif, #0x1b\n"
  "ldr sp, =s_stacks + 8192\n"
  "cps #0x17\n"
  "ldr sp, =s_stacks + 16384\n"
  "cps #0x13\n"
  "ldr sp, =s_stacks + 24576\n"
  "ldr r0, =main\n"
  "blx r0\n"
  "b .\n"
  ".ltorg\n"
  /* void crash(const registers_t *registers): sp and lr of User mode, then all the rest at once. */
  ".globl crash\n"
  ".type crash, %function\n"
  "crash:\n"
  "push {r4-r12, lr}\n"
  "ldr r1, =s_resume_sp\n"
  "str sp, [r1]\n"
  "ldr r1, [r0, #52]\n"
  "ldr r2, [r0, #56]\n"
  "cps #0x1f\n"
  "mov sp, r1\n"
  "mov lr, r2\n"
  "cps #0x13\n"
  "mov sp, r0\n"
  "ldr lr, [sp, #60]\n"
  "ldr r0, [sp, #64]\n"
  "msr spsr_cxsf, r0\n"
  "ldm sp, {r0-r12}\n"
  "movs pc, lr\n"
  ".globl crash_is_over\n"
  ".type crash_is_over, %function\n"
  "crash_is_over:\n"
  "cps #0x13\n"
  "ldr r0, =s_resume_sp\n"
  "ldr sp, [r0]\n"
  "pop {r4-r12, pc}\n"
  ".globl exit_extended\n"
  ".type exit_extended, %function\n"
  "exit_extended:\n"
  "mov r1, r0\n"
  "mov r0, #0x20\n"
  "svc 0x123456\n"
  "b .\n"
  ".ltorg\n"
  /* Code to crash in. */
  ".type arm_undefined, %function\n"
  "arm_undefined: udf #1\n"
  ".type arm_load, %function\n"
  "arm_load: ldr r0, [r1]\n"
  ".type arm_jump, %function\n"
  "arm_jump: bx r1\n"
  ".type arm_assert, %function\n"
  "arm_assert: bl memfault_fault_handling_assert\n"
  ".thumb\n"
  ".thumb_func\n"
  "thumb_undefined: udf #1\n"
  ".thumb_func\n"
  "thumb_load: ldr r0, [r1]\n"
  ".thumb_func\n"
  "thumb_assert: bl memfault_fault_handling_assert\n"
  ".popsection\n");

typedef struct {
  uint32_t r[13];
  uint32_t sp;
  uint32_t lr;
  uint32_t pc; /* code to crash in */
  uint32_t cpsr;
} registers_t;

void crash(const registers_t *registers);
void crash_is_over(void) __attribute__((noreturn));
void exit_extended(const uint32_t *block) __attribute__((noreturn));
void arm_undefined(void);
void arm_load(void);
void arm_jump(void);
void arm_assert(void);
void thumb_undefined(void);
void thumb_load(void);
void thumb_assert(void);

#define UART (*(volatile uint32_t *)0x09000000u)
#define NOTHING_IS_HERE 0x60000000u
#define CPSR_THUMB (1u << 5)
#define CPSR_MASKS 0x1C0u
#define MODE_USER 0x10u
#define MODE_SUPERVISOR 0x13u
#define MODE_SYSTEM 0x1Fu
#define FIRST_REASON kMfltRebootReason_UsageFault

uint64_t s_stacks[3 * 1024];
uint32_t s_resume_sp;

static const struct {
  const char *name;
  void (*code)(void);
  uint32_t pc; /* 0: that of the code */
  uint32_t reason;
} s_crashes[] = {
  { "undefined instruction", arm_undefined, 0, kMfltRebootReason_UsageFault },
  { "undefined instruction, Thumb", thumb_undefined, 0, kMfltRebootReason_UsageFault },
  { "data abort", arm_load, 0, kMfltRebootReason_MemFault },
  { "data abort, Thumb", thumb_load, 0, kMfltRebootReason_MemFault },
  { "prefetch abort", arm_jump, NOTHING_IS_HERE, kMfltRebootReason_BusFault },
  { "assert", arm_assert, 0, kMfltRebootReason_UsageFault },
  { "assert, Thumb", thumb_assert, 0, kMfltRebootReason_UsageFault },
};

static size_t s_index; /* of the crash that happens */

/* What the registers are. crash() uses the struct's address as stack pointer of Supervisor mode. */
static struct {
  uint64_t stack[64];
  registers_t wanted;
} s_supervisor;
#define s_wanted s_supervisor.wanted

static uint32_t s_steps; /* hooks that were called, in order, one hexadecimal digit each */

static bool is_assert(void) {
  return s_crashes[s_index].code == arm_assert || s_crashes[s_index].code == thumb_assert;
}

static void check_registers(const registers_t *got) {
  const bool supervisor = (s_wanted.cpsr & 0xFu) != 0 && (s_wanted.cpsr & 0x1Fu) != MODE_SYSTEM;
  /* In Supervisor mode crash() still needs sp and lr itself. */
  uint32_t sp = supervisor ? (uint32_t)(uintptr_t)&s_wanted : s_wanted.sp;
  const uint32_t lr = supervisor ? s_wanted.pc : s_wanted.lr;
  const uint32_t code = (uint32_t)(uintptr_t)s_crashes[s_index].code & ~1u;
  if (is_assert()) {
    sp -= 8;
    CHECK_EQ(*(uint32_t *)(uintptr_t)got->pc, 0xE7F004FDu); /* udf #77 */
    const uint32_t thumb = s_crashes[s_index].code == thumb_assert;
    CHECK_EQ(*(uint32_t *)(uintptr_t)(sp + 4), code + 4 + thumb);
    CHECK_EQ(got->cpsr & 0x1Fu, s_wanted.cpsr & 0x1Fu);
  } else {
    CHECK_EQ(got->pc, s_crashes[s_index].pc == 0 ? code : s_crashes[s_index].pc);
    CHECK_EQ(memcmp(got->r, s_wanted.r, sizeof(got->r)), 0);
    CHECK_EQ(got->lr, lr);
    CHECK_EQ(got->cpsr, s_wanted.cpsr);
  }
  CHECK_EQ(memcmp(&got->r[4], &s_wanted.r[4], 8 * sizeof(uint32_t)), 0);
  CHECK_EQ(got->sp, sp);
}

static uint32_t first_word(coredump_block_t block) {
  uint32_t word;
  memcpy(&word, block.payload, sizeof(word));
  return word;
}

static void check_coredump(void) {
  coredump_image_t image = coredump_open(g_storage.bytes, g_storage.size);
  coredump_block_t block = { .payload = g_storage.bytes };
  registers_t got = { .pc = 0 };
  CHECK(coredump_next(&image, &block) && block.type == 0 && block.len == sizeof(got));
  memcpy(&got, block.payload, sizeof(got));
  check_registers(&got);
  /* Three empty strings of the device give no blocks; the build id is off. */
  CHECK(coredump_next(&image, &block) && block.type == 7 && first_word(block) == 0x10028u);
  CHECK(coredump_next(&image, &block) && block.type == 5 && first_word(block) == FIRST_REASON);
  CHECK(coredump_next(&image, &block) && block.type == 1);
  CHECK_EQ(block.address, (uintptr_t)&s_wanted);
  CHECK(!coredump_next(&image, &block) && storage_kept_its_limits());
  size_t num_regions = 7;
  CHECK(memfault_coredump_get_arch_regions(&num_regions) == NULL && num_regions == 0);
}

void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason) {
  s_steps = (s_steps << 4) | 1;
  CHECK_EQ(reason, s_crashes[s_index].reason);
  CHECK(memfault_arch_is_inside_isr());
  CHECK_EQ((uintptr_t)__builtin_frame_address(0) % 4, 0);
  /* Too late to change what is saved. */
  ((sMfltRegState *)(uintptr_t)regs)->r0 ^= 1;
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  static sMfltCoredumpRegion s_region;
  s_steps = (s_steps << 4) | 2;
  CHECK_EQ(crash_info->trace_reason, FIRST_REASON);
  CHECK_EQ((uintptr_t)crash_info->stack_address, crash_info->exception_reg_state->sp);
  s_region = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(&s_wanted, sizeof(s_wanted));
  *num_regions = 1;
  return &s_region;
}

void memfault_platform_reboot(void) {
  s_steps = (s_steps << 4) | 3;
  CHECK_EQ(s_steps, 0x123);
  check_coredump();
  crash_is_over();
}

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){ "", "", "", "" };
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
}

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return 0;
}

void board_uart_putc(char c) {
  UART = (uint8_t)c;
}

void board_exit(int code) {
  const uint32_t block[2] = { 0x20026u, (uint32_t)code };
  exit_extended(block);
}

/* newlib's printf links malloc for the rare formats that need it. There is no heap to give. */
void *_sbrk(ptrdiff_t increment);
void *_sbrk(ptrdiff_t increment) {
  (void)increment;
  return (void *)-1;
}

static void run_crash(size_t index, uint32_t mode) {
  s_index = index;
  s_steps = 0;
  storage_reset(512);
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(s_wanted.r); i++) {
    s_wanted.r[i] = 0x10101010u * (uint32_t)(i + 1) + check_random(0x1000);
  }
  s_wanted.r[1] = NOTHING_IS_HERE;
  s_wanted.sp = (uint32_t)(uintptr_t)&s_stacks[256];
  s_wanted.lr = 0x1234567u;
  s_wanted.pc = (uint32_t)(uintptr_t)s_crashes[index].code;
  s_wanted.cpsr = (check_random(31) << 27) | CPSR_MASKS | mode;
  if (s_wanted.pc & 1u) {
    s_wanted.cpsr |= CPSR_THUMB;
  }
  crash(&s_wanted);
}

int main(void) {
  static uint8_t s_tracking[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  memfault_reboot_tracking_boot(s_tracking, NULL);
  memfault_reboot_tracking_clear_reset_info(); /* the reason of this boot */
  CHECK(!memfault_arch_is_inside_isr());
  memfault_platform_halt_if_debugging(); /* nobody is debugging, so it returns */

  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(s_crashes); i++) {
    for (const char *c = s_crashes[i].name; *c != '\0'; c++) {
      board_uart_putc(*c);
    }
    board_uart_putc('\n');
    run_crash(i, MODE_USER);
    run_crash(i, MODE_SYSTEM);
    run_crash(i, MODE_SUPERVISOR);
  }

  /* Only the very first crash was marked. */
  sMfltResetReasonInfo info;
  CHECK(memfault_reboot_tracking_read_reset_info(&info));
  CHECK_EQ(info.reason, FIRST_REASON);
  CHECK_EQ(info.pc, (uintptr_t)arm_undefined);
  CHECK_EQ(info.lr, 0x1234567u);
  CHECK(info.coredump_saved);
  check_finish();
}
