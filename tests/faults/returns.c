/* Handlers that return (MEMFAULT_FAULT_HANDLER_RETURN, MEMFAULT_FAULT_HANDLER_WATCHDOG_RETURN): the program goes on
 * with all of its registers, from both stacks.
 *
 * Prints a line per failed check and "N passed, M failed".
 */
#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/compiler.h"
#include "memfault/panics/arch/arm/cortex_m.h"
#include "memfault/panics/coredump.h"

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define NVIC_ISER REG(0xE000E100u)
#define WATCHDOG_IRQ 9u

static unsigned s_faults;
static uint32_t s_reason;

void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason) {
  s_faults++;
  s_reason = reason;
  if (reason != kMfltRebootReason_SoftwareWatchdog) {
    regs->exception_frame->pc += 2; /* behind the undefined instruction */
  }
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 0;
  return NULL;
}

/* There is no storage. */
void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  (void)info;
}
bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  (void)offset, (void)data, (void)data_len;
  return false;
}
bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  (void)offset, (void)data, (void)read_len;
  return false;
}
bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  (void)offset, (void)erase_size;
  return false;
}
void memfault_platform_coredump_storage_clear(void) {}

MEMFAULT_NORETURN void __wrap_memfault_platform_reboot(void);
void __wrap_memfault_platform_reboot(void) {
  CHECK(!"a handler that returns does not restart the device");
  check_finish();
}

/* Loads r0 to r12 with what `registers` says, does what pends or is a fault, and stores r0 to r12 there again.
 * `place` and `value` are for the watchdog: the interrupt is pended by the store of the value. NULL: an undefined
 * instruction instead. */
void fault_with_registers(uint32_t *registers, volatile uint32_t *place, uint32_t value);
__attribute__((naked)) void fault_with_registers(uint32_t *registers, volatile uint32_t *place,
                                                 uint32_t value) {
  (void)registers;
  (void)place;
  (void)value;
  __asm volatile(
    ".syntax unified\n"
    "push {r4-r7, lr}\n"
    "mov r4, r8\n"
    "mov r5, r9\n"
    "mov r6, r10\n"
    "mov r7, r11\n"
    "push {r0, r4-r7}\n"
    "ldr r3, [r0, #48]\n"
    "mov r12, r3\n"
    "ldr r3, [r0, #32]\n"
    "mov r8, r3\n"
    "ldr r3, [r0, #36]\n"
    "mov r9, r3\n"
    "ldr r3, [r0, #40]\n"
    "mov r10, r3\n"
    "ldr r3, [r0, #44]\n"
    "mov r11, r3\n"
    "ldr r4, [r0, #16]\n"
    "ldr r5, [r0, #20]\n"
    "ldr r6, [r0, #24]\n"
    "ldr r7, [r0, #28]\n"
    "movs r3, #0x33\n"
    "cmp r1, #0\n"
    "beq 1f\n"
    "str r2, [r1]\n"
    "dsb\n"
    "isb\n"
    "b 2f\n"
    "1:\n"
    "udf #1\n"
    "2:\n"
    "push {r3, r4}\n"
    "ldr r3, [sp, #8]\n"
    "str r0, [r3, #0]\n"
    "str r1, [r3, #4]\n"
    "str r2, [r3, #8]\n"
    "str r4, [r3, #16]\n"
    "str r5, [r3, #20]\n"
    "str r6, [r3, #24]\n"
    "str r7, [r3, #28]\n"
    "mov r0, r8\n"
    "str r0, [r3, #32]\n"
    "mov r0, r9\n"
    "str r0, [r3, #36]\n"
    "mov r0, r10\n"
    "str r0, [r3, #40]\n"
    "mov r0, r11\n"
    "str r0, [r3, #44]\n"
    "mov r0, r12\n"
    "str r0, [r3, #48]\n"
    "mov r0, r3\n"
    "pop {r3, r4}\n"
    "str r3, [r0, #12]\n"
    "pop {r0, r4-r7}\n"
    "mov r8, r4\n"
    "mov r9, r5\n"
    "mov r10, r6\n"
    "mov r11, r7\n"
    "pop {r4-r7, pc}\n");
}

/* One fault; also with floating-point registers in use, if there are any. */
static void run(uint32_t *place, uint32_t value, uint32_t reason) {
  uint32_t registers[13];
  uint32_t wanted[13];
  for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
    registers[i] = 0x01010101u * (uint32_t)(i + 1);
  }
  memcpy(wanted, registers, sizeof(wanted));
  wanted[0] = (uint32_t)(uintptr_t)registers;
  wanted[1] = (uint32_t)(uintptr_t)place;
  wanted[2] = value;
  wanted[3] = 0x33;
  s_faults = 0;
#if defined(__ARM_FP)
  float kept = 1.5f;
  __asm volatile("vmov.f32 s16, %0\n vmov.f32 s1, %0" : : "t"(kept) : "s16", "s1");
#endif
  fault_with_registers(registers, place, value);
#if defined(__ARM_FP)
  __asm volatile("vmov.f32 %0, s16" : "=t"(kept) : : "s16");
  CHECK(kept == 1.5f);
#endif
  CHECK_EQ(s_faults, 1);
  CHECK_EQ(s_reason, reason);
  CHECK_EQ(memcmp(registers, wanted, sizeof(wanted)), 0);
}

static void run_both(void) {
  uint32_t *const nvic_ispr = (uint32_t *)(uintptr_t)0xE000E200u;
  run(nvic_ispr, 1u << WATCHDOG_IRQ, kMfltRebootReason_SoftwareWatchdog);
  run(nvic_ispr, 1u << WATCHDOG_IRQ, kMfltRebootReason_SoftwareWatchdog);
  run(NULL, 0, kMfltRebootReason_HardFault);
}

/* Calls `work` on the process stack. */
static void on_process_stack(void (*work)(void)) {
  static uint64_t s_stack[128];
  __asm volatile(
    ".syntax unified\n"
    "msr psp, %1\n"
    "mrs r0, control\n"
    "movs r1, #2\n"
    "orrs r0, r1\n"
    "msr control, r0\n"
    "isb\n"
    "blx %0\n"
    "mrs r0, control\n"
    "movs r1, #2\n"
    "bics r0, r1\n"
    "msr control, r0\n"
    "isb\n"
    :
    : "r"(work), "r"(&s_stack[128])
    : "r0", "r1", "r2", "r3", "r12", "lr", "memory", "cc");
}

int main(void) {
  board_init();
  NVIC_ISER = 1u << WATCHDOG_IRQ;
  run_both();
  on_process_stack(run_both);

  /* Ports call the handler themselves; it returns to them as well. */
  sMfltExceptionFrame frame = { .pc = 0x100, .lr = 0x200 };
  const sMfltRegState regs = { .exception_frame = &frame, .exc_return = 0xFFFFFFFDu };
  s_faults = 0;
  memfault_fault_handler(&regs, kMfltRebootReason_StackOverflow);
  CHECK_EQ(s_faults, 1);
  CHECK_EQ(frame.pc, 0x102);
  check_finish();
}
